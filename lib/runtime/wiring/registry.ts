import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../adapters/aws/secrets-manager-gitlab-credentials.ts';
import { gitlabRegistry } from '../../adapters/registry/gitlab-registry.ts';
import type { Registry } from '../../ports/registry.ts';
import { isLocal, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

/** Its password is read anew for each token: a rotated one counts within minutes. */
export const registry = (): Registry => {
  const secret = { id: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  const credentials = secretsManagerGitlabCredentials(new SecretsManagerClient(clientOptions()), secret);
  return gitlabRegistry(credentials, { local: isLocal(), privateHosts: setting('PRIVATE_HOSTS') });
};
