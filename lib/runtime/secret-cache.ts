import type { HookSecret } from '../domain/hook-secret.ts';
import type { HookSecrets } from '../ports/vault.ts';
import type { SecretSource } from '../webhooks/verify-gitlab-hook.ts';

const refetchEvery = 2_000; // ms: a stream of wrong tokens must not become a stream of Secrets Manager calls
const serveStaleFor = 600_000; // ms that cached values go on serving while Secrets Manager fails

/**
 * The hook secrets of one warm function. Cached for `maxAge` ms; a mismatch may ask for fresh ones, one call at a time
 * and at most every two seconds; while Secrets Manager fails, cached values serve for ten minutes.
 */
export const secretCache = (vault: HookSecrets, maxAge: number, now: () => number): SecretSource => {
  let kept: { secrets: readonly HookSecret[]; at: number } | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<readonly HookSecret[]> | undefined;

  const fetch = async (): Promise<readonly HookSecret[]> => {
    askedAt = now();
    try {
      const secrets = await vault.hookSecrets();
      kept = { secrets, at: now() };
      return secrets;
    } catch (error) {
      if (kept !== undefined && now() - kept.at < serveStaleFor) return kept.secrets;
      throw error;
    }
  };

  const ask = (): Promise<readonly HookSecret[]> => {
    underWay ??= fetch().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  /** Asks only if the last question is long enough ago; else what is kept has to do. */
  const askSparingly = (): Promise<readonly HookSecret[]> =>
    kept !== undefined && now() - kept.at < serveStaleFor && now() - askedAt < refetchEvery && underWay === undefined
      ? Promise.resolve(kept.secrets)
      : ask();

  return {
    cached: () => (kept !== undefined && now() - kept.at < maxAge ? Promise.resolve(kept.secrets) : askSparingly()),
    fresh: askSparingly,
  };
};
