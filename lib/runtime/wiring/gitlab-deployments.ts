import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../adapters/aws/secrets-manager-gitlab-credentials.ts';
import { gitlabDeployments as overApi } from '../../adapters/gitlab/gitlab-deployments.ts';
import type { GitlabDeployments } from '../../ports/gitlab-deployments.ts';
import { isLocal, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

/** Its token is read anew for each request: a rotated one counts at once. */
export const gitlabDeployments = (): GitlabDeployments => {
  const secret = { id: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  return overApi(secretsManagerGitlabCredentials(new SecretsManagerClient(clientOptions()), secret));
};
