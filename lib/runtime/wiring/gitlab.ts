import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../adapters/aws/secrets-manager-gitlab-credentials.ts';
import { gitlabApi } from '../../adapters/gitlab/gitlab-api.ts';
import type { Gitlab } from '../../ports/gitlab.ts';
import { isLocal, setting } from '../config.ts';
import { clientOptions } from './client-options.ts';

/** Its credentials are read anew for each answer: a rotated token counts at once. */
export const gitlab = (): Gitlab => {
  const secret = { id: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  return gitlabApi(secretsManagerGitlabCredentials(new SecretsManagerClient(clientOptions()), secret));
};
