import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  gitlabVersions as gitlabVersionsOf,
  hookVersions as hookVersionsOf,
} from '../../adapters/aws/secrets-manager-secret-versions.ts';
import type { GitlabDocument, HookDocument } from '../../domain/rotation-documents.ts';
import type { SecretVersions } from '../../ports/secret-versions.ts';
import { clientOptions } from './client-options.ts';

export const hookVersions = (): SecretVersions<HookDocument> =>
  hookVersionsOf(new SecretsManagerClient(clientOptions()));

export const gitlabVersions = (): SecretVersions<GitlabDocument> =>
  gitlabVersionsOf(new SecretsManagerClient(clientOptions()));
