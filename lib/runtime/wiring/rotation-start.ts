import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerRotationStart } from '../../adapters/aws/secrets-manager-rotation-start.ts';
import type { RotationStart } from '../../ports/rotation-start.ts';
import { clientOptions } from './client-options.ts';

export const rotationStart = (): RotationStart =>
  secretsManagerRotationStart(new SecretsManagerClient(clientOptions()));
