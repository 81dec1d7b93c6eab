import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { HookSecret } from '../../domain/hook-secret.ts';
import type { HookSecrets } from '../../ports/vault.ts';
import { currentSecret, secretVersion } from './secret-value.ts';

const signingKey = z
  .string()
  .check(
    z.refine(
      (token) => /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(token) && Buffer.from(token.slice(6), 'base64').length === 32,
    ),
  );

const token = z.string().check(z.minLength(32));

const schema = z.object({
  webhook_token: token,
  webhook_signing_token: z.optional(signingKey),
  registry_token: z.optional(token),
  registry_token_next: z.optional(token),
});

const secretOf = (value: z.output<typeof schema>): HookSecret => ({
  webhookToken: value.webhook_token,
  ...(value.webhook_signing_token === undefined ? {} : { webhookSigningToken: value.webhook_signing_token }),
  ...(value.registry_token === undefined ? {} : { registryToken: value.registry_token }),
  ...(value.registry_token_next === undefined ? {} : { registryTokenNext: value.registry_token_next }),
});

/** The hook secret, by name or ARN. */
export const secretsManagerHookSecrets = (client: SecretsManagerClient, id: string): HookSecrets => ({
  hookSecrets: async () => {
    const [current, pending] = await Promise.all([
      currentSecret(client, id, schema),
      secretVersion(client, { id, stage: 'AWSPENDING' }, schema),
    ]);
    return [current, ...(pending === undefined ? [] : [pending])].map(secretOf);
  },
});
