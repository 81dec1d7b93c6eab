import { createHash, timingSafeEqual } from 'node:crypto';
import { Rejection } from '../domain/failure.ts';
import type { HookSecret } from '../domain/hook-secret.ts';

/** A hook as it came in: header names in lower case, and the body's bytes, unread. */
export interface RawHook {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** Where the versions of the secret come from; `fresh` is asked when the cached ones do not fit. */
export interface SecretSource {
  cached(): Promise<readonly HookSecret[]>;
  fresh(): Promise<readonly HookSecret[]>;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In constant time; hashing first hides the length as well. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/**
 * Lets pass what is authentic by these versions of the secret, before anything of it is read. A mismatch asks for the
 * newest ones before it refuses, since they may just have been changed. Raises Rejection `refused`.
 */
export const letPass =
  (secrets: SecretSource, authentic: (versions: readonly HookSecret[], hook: RawHook) => boolean) =>
  async (hook: RawHook): Promise<void> => {
    if (authentic(await secrets.cached(), hook)) return;
    if (authentic(await secrets.fresh(), hook)) return;
    throw new Rejection('refused', 'token or signature do not fit');
  };
