import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../adapters/aws/secrets-manager-gitlab-credentials.ts';
import { gitlabRegistry } from '../../adapters/registry/gitlab-registry.ts';
import { usualPace, type Pace } from '../../adapters/registry/pace.ts';
import type { Registry } from '../../ports/registry.ts';
import { isLocal, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

const registryAt = (pace: Pace): Registry => {
  const secret = { id: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  const credentials = secretsManagerGitlabCredentials(new SecretsManagerClient(clientOptions()), secret);
  return gitlabRegistry(credentials, { local: isLocal(), privateHosts: setting('PRIVATE_HOSTS'), pace });
};

/** Its password is read anew for each token: a rotated one counts within minutes. */
export const registry = (): Registry => registryAt(usualPace);

/**
 * Each question is asked once: for tasks that have thirty seconds for GitLab and its registry together, and that the
 * workflow lets ask again.
 */
export const registryAskedOnce = (): Registry =>
  registryAt({ ...usualPace, tries: 1, quiet: { ...usualPace.quiet, answer: 3_000 } });
