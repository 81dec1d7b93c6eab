import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { ManagerCredentials, ManagerSource } from '../../ports/vault.ts';
import { gitlabSecret, withoutSlash } from './gitlab-secret.ts';
import { currentSecret, secretVersion } from './secret-value.ts';

const managerSecret = z.object({ gitlab_manager_token: z.optional(z.string().check(z.minLength(1))) });

const withProject = (plainLoopback: boolean) =>
  z.intersection(
    gitlabSecret(plainLoopback),
    z.object({ gitlab_project_id: z.optional(z.string().check(z.regex(/^[1-9][0-9]{0,14}$/))) }),
  );

const credentialsOf = (
  gitlab: z.output<ReturnType<typeof withProject>>,
  managerToken: string | undefined,
): ManagerCredentials => ({
  url: withoutSlash(gitlab.gitlab_url),
  token: managerToken ?? gitlab.gitlab_token,
  manager: managerToken !== undefined,
  ...(gitlab.gitlab_project_id === undefined ? {} : { project: Number(gitlab.gitlab_project_id) }),
});

/** By name or ARN. `plainLoopback`: the rehearsal's GitLab speaks plain http. */
export interface ManagerSecrets {
  manager: string;
  gitlab: string;
  plainLoopback: boolean;
}

/**
 * A manager's token, with GitLab's address from the GitLab secret. Without one, also when there is no such secret or it
 * has no value, gitlab_token stands in: AWSCURRENT's, or, when that was refused, AWSPENDING's.
 */
export const secretsManagerManagerCredentials = (
  client: SecretsManagerClient,
  { manager, gitlab, plainLoopback }: ManagerSecrets,
): ManagerSource => {
  const schema = withProject(plainLoopback);
  return async (refused) => {
    if (refused?.manager === true) return refused;
    if (refused !== undefined) {
      const pending = await secretVersion(client, { id: gitlab, stage: 'AWSPENDING' }, schema);
      return pending === undefined ? refused : credentialsOf(pending, undefined);
    }
    const [current, managers] = await Promise.all([
      currentSecret(client, gitlab, schema),
      secretVersion(client, { id: manager, stage: 'AWSCURRENT' }, managerSecret),
    ]);
    return credentialsOf(current, managers?.gitlab_manager_token);
  };
};
