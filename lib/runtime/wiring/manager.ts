import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerManagerCredentials } from '../../adapters/aws/secrets-manager-manager-credentials.ts';
import type { ManagerSource } from '../../ports/vault.ts';
import { isLocal, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

/** Read anew for each request: a manager's token that a person has just replaced counts at once. */
export const manager = (): ManagerSource => {
  const secrets = { manager: setting('MANAGER_SECRET'), gitlab: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  return secretsManagerManagerCredentials(new SecretsManagerClient(clientOptions()), secrets);
};
