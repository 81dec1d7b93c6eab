import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { DeployFailure } from '../../domain/failure.ts';
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

const isMisconfigured = (reason: unknown): boolean =>
  reason instanceof DeployFailure && reason.name === 'Misconfigured';

const secretOf = (value: z.output<typeof schema>): HookSecret => ({
  webhookToken: value.webhook_token,
  ...(value.webhook_signing_token === undefined ? {} : { webhookSigningToken: value.webhook_signing_token }),
  ...(value.registry_token === undefined ? {} : { registryToken: value.registry_token }),
  ...(value.registry_token_next === undefined ? {} : { registryTokenNext: value.registry_token_next }),
});

/**
 * The hook secret, by name or ARN. Until the first rotation has ended AWSCURRENT may hold nothing that can be used; the
 * rotation's own test comes with what AWSPENDING holds, and has to be let in.
 */
export const secretsManagerHookSecrets = (client: SecretsManagerClient, id: string): HookSecrets => ({
  hookSecrets: async () => {
    const [current, pending] = await Promise.allSettled([
      currentSecret(client, id, schema),
      secretVersion(client, { id, stage: 'AWSPENDING' }, schema),
    ]);
    if (pending.status === 'rejected') throw pending.reason;
    const staged = pending.value === undefined ? [] : [pending.value];
    if (current.status === 'fulfilled') return [current.value, ...staged].map(secretOf);
    if (staged.length === 0 || !isMisconfigured(current.reason)) throw current.reason;
    return staged.map(secretOf);
  },
});
