import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { GitlabCredentials } from '../../ports/vault.ts';
import { currentSecret } from './secret-value.ts';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

const schemaFor = (plainLoopback: boolean) =>
  z.object({
    gitlab_url: z.string().check(
      z.refine((text) => {
        const url = URL.parse(text);
        return url?.protocol === 'https:' || (plainLoopback && url?.protocol === 'http:' && loopback.has(url.hostname));
      }),
    ),
    gitlab_token: z.string().check(z.minLength(1)),
  });

/** GitLab's address and token, by the secret's name or ARN. `plainLoopback`: the rehearsal's GitLab speaks plain http. */
export const secretsManagerGitlabCredentials =
  (client: SecretsManagerClient, { id, plainLoopback }: { id: string; plainLoopback: boolean }) =>
  async (): Promise<GitlabCredentials> => {
    const { gitlab_url: url, gitlab_token: token } = await currentSecret(client, id, schemaFor(plainLoopback));
    return { url: url.replace(/\/+$/, ''), token };
  };
