import { RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RotationStart } from '../../ports/rotation-start.ts';
import { awsCall } from './aws-call.ts';

/** With the rotation as it is configured. */
export const secretsManagerRotationStart =
  (client: SecretsManagerClient): RotationStart =>
  async (secret) => {
    await awsCall('RotateSecret', () => client.send(new RotateSecretCommand({ SecretId: secret })));
  };
