import type { HookSecret } from '../domain/hook-secret.ts';
import { letPass, sameText, type RawHook, type SecretSource } from './let-pass.ts';

const tokensOf = ({ registryToken, registryTokenNext }: HookSecret): string[] =>
  [registryToken, registryTokenNext].filter((token) => token !== undefined);

/**
 * A registry signs nothing and sends what gitlab.rb says, as it stands there: any token of any version is good. It is changed
 * there by hand, so the next one may be put into the secret long before. No token in the secret: nobody is authentic.
 */
export const isFromRegistry = (secrets: readonly HookSecret[], { headers }: RawHook): boolean => {
  const given = headers['authorization'] ?? '';
  return secrets
    .flatMap(tokensOf)
    .map((token) => sameText(given, `Bearer ${token}`))
    .includes(true);
};

/** Lets pass what the registry sent, before anything of it is read. Raises Rejection `refused`. */
export const registryHook = (secrets: SecretSource): ((hook: RawHook) => Promise<void>) =>
  letPass(secrets, isFromRegistry);
