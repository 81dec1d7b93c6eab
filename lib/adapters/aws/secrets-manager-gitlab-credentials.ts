import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { GitlabCredentials } from '../../ports/vault.ts';
import { currentSecret } from './secret-value.ts';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

// Lower case, as image names are compared letter by letter.
const hostGrammar = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$/;
// A colon would end the user's name in `Authorization: Basic`. https://www.rfc-editor.org/rfc/rfc7617#section-2
const userNameGrammar = /^[^:\p{Cc}]+$/u;

const schemaFor = (plainLoopback: boolean) =>
  z
    .object({
      gitlab_url: z.string().check(
        z.refine((text) => {
          const url = URL.parse(text);
          return (
            url?.protocol === 'https:' || (plainLoopback && url?.protocol === 'http:' && loopback.has(url.hostname))
          );
        }),
      ),
      gitlab_token: z.string().check(z.minLength(1)),
      registry_host: z.optional(z.string().check(z.maxLength(260), z.regex(hostGrammar))),
      registry_username: z.optional(z.string().check(z.regex(userNameGrammar))),
      registry_password: z.optional(z.string().check(z.minLength(1))),
    })
    .check(
      z.refine((secret) => secret.registry_username === undefined || secret.registry_password !== undefined, {
        path: ['registry_password'],
      }),
      z.refine((secret) => secret.registry_password === undefined || secret.registry_username !== undefined, {
        path: ['registry_username'],
      }),
    );

/**
 * GitLab's address and token and its registry's, by the secret's name or ARN. What is not said of the registry:
 * `registry.<GitLab's host>`, entered with GitLab's token. `plainLoopback`: the rehearsal's GitLab speaks plain http.
 */
export const secretsManagerGitlabCredentials =
  (client: SecretsManagerClient, { id, plainLoopback }: { id: string; plainLoopback: boolean }) =>
  async (): Promise<GitlabCredentials> => {
    const secret = await currentSecret(client, id, schemaFor(plainLoopback));
    const { gitlab_url: url, gitlab_token: token } = secret;
    const registry = {
      host: secret.registry_host ?? `registry.${new URL(url).hostname}`,
      // For an access token GitLab wants a user's name and ignores it.
      username: secret.registry_username ?? 'drawbridge',
      password: secret.registry_password ?? token,
    };
    return { url: url.replace(/\/+$/, ''), token, registry };
  };
