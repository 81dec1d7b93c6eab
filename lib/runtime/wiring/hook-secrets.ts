import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerHookSecrets } from '../../adapters/aws/secrets-manager-hook-secrets.ts';
import type { SecretSource } from '../../webhooks/verify-gitlab-hook.ts';
import { setting } from '../config.ts';
import { secretCache } from '../secret-cache.ts';
import { clientOptions } from './client-options.ts';

export const hookSecrets = (): SecretSource => {
  const vault = secretsManagerHookSecrets(new SecretsManagerClient(clientOptions()), setting('HOOK_SECRET'));
  return secretCache(vault, setting('SECRET_CACHE_SECONDS') * 1_000, () => Date.now());
};
