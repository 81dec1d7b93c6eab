import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerHookSecrets } from '../../adapters/aws/secrets-manager-hook-secrets.ts';
import type { SecretSource } from '../../webhooks/let-pass.ts';
import { setting } from '../config.ts';
import { secretCache } from '../secret-cache.ts';
import { clientOptions } from './client-options.ts';

export const hookSecrets = (): SecretSource => {
  const client = new SecretsManagerClient(clientOptions());
  const vault = secretsManagerHookSecrets(client, setting('HOOK_SECRET'));
  const maxAge = setting('SECRET_CACHE_SECONDS') * 1_000;
  return secretCache(vault, { maxAge, now: () => Date.now(), calls: callsOf(client) });
};

/** Counts what the client sends. Its retries happen before this step, so that each try passes it. */
const callsOf = (client: SecretsManagerClient): (() => number) => {
  let sent = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      sent += 1;
      return next(args);
    },
    { step: 'deserialize' },
  );
  return () => sent;
};
