import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import type { CredentialSource, GitlabCredentials } from '../../ports/vault.ts';
import { gitlabSecret, withoutSlash } from './gitlab-secret.ts';
import { currentSecret, secretVersion } from './secret-value.ts';

const credentialsOf = (secret: z.output<ReturnType<typeof gitlabSecret>>): GitlabCredentials => {
  const { gitlab_url: url, gitlab_token: token } = secret;
  const registry = {
    host: secret.registry_host ?? `registry.${new URL(url).hostname}`,
    // For an access token GitLab wants a user's name and ignores it.
    username: secret.registry_username ?? 'drawbridge',
    password: secret.registry_password ?? token,
  };
  return { url: withoutSlash(url), token, registry };
};

const differ = (one: GitlabCredentials, other: GitlabCredentials): boolean =>
  one.token !== other.token || one.registry.password !== other.registry.password;

/**
 * GitLab's address and token and its registry's, by the secret's name or ARN: AWSCURRENT, or, when that was refused,
 * AWSPENDING once it has another value. What is not said of the registry: `registry.<GitLab's host>`, entered with
 * GitLab's token. `plainLoopback`: the rehearsal's GitLab speaks plain http.
 */
export const secretsManagerGitlabCredentials = (
  client: SecretsManagerClient,
  { id, plainLoopback }: { id: string; plainLoopback: boolean },
): CredentialSource => {
  const schema = gitlabSecret(plainLoopback);
  return async (refused) => {
    if (refused === undefined) return credentialsOf(await currentSecret(client, id, schema));
    const pending = await secretVersion(client, { id, stage: 'AWSPENDING' }, schema);
    const staged = pending && credentialsOf(pending);
    return staged !== undefined && differ(staged, refused) ? staged : refused;
  };
};
