import type { HookSecret } from '../domain/hook-secret.ts';
import type { HookSecrets } from '../ports/vault.ts';
import type { SecretSource } from '../webhooks/let-pass.ts';

/**
 * Limit: one call of Secrets Manager per two seconds and worker, however many hooks come with wrong tokens. So a fetch
 * is followed by this many ms of quiet for each call that it made: 4 s for a pair of versions; 12 s when both were
 * tried three times in vain. Consequence: for so long after the last fetch a token that has just been changed is
 * refused, and a worker that could not read the secret yet answers 503. Remedy: stage the new value AWSPENDING before
 * GitLab sends it; send the hook again.
 */
const quietPerCall = 2_000;
const serveStaleFor = 600_000; // ms that cached values go on serving while Secrets Manager fails

export interface SecretCacheOptions {
  /** ms, from when its reading began, that a value serves before it is read again */
  maxAge: number;
  /** ms */
  now: () => number;
  /** how many calls Secrets Manager has had so far, retries included */
  calls: () => number;
}

/**
 * The hook secrets of one warm function. Cached for `maxAge`; a mismatch may ask for fresh ones; at most one fetch at a
 * time, and each followed by quiet. While Secrets Manager fails, cached values serve for ten minutes; without any, what
 * it last failed with is raised.
 */
export const secretCache = (vault: HookSecrets, { maxAge, now, calls }: SecretCacheOptions): SecretSource => {
  let kept: { secrets: readonly HookSecret[]; at: number } | undefined;
  let latest: { answer: Promise<readonly HookSecret[]>; at: number; callsBefore: number } | undefined;
  let underWay = false;

  const fetch = async (): Promise<readonly HookSecret[]> => {
    underWay = true;
    // What comes after seven seconds may be seven seconds old: a rotation counts on nothing being served for longer.
    const at = now();
    try {
      kept = { secrets: await vault.hookSecrets(), at };
      return kept.secrets;
    } finally {
      underWay = false;
    }
  };

  const keptFor = (age: number): readonly HookSecret[] | undefined =>
    kept !== undefined && now() - kept.at < age ? kept.secrets : undefined;

  /** Fetches only when it is not too soon; else what the last fetch said has to do. */
  const askSparingly = async (): Promise<readonly HookSecret[]> => {
    // Counted now: a try of one version may still have been on its way when the other's had failed for good.
    const quiet = latest && now() < latest.at + quietPerCall * (calls() - latest.callsBefore);
    if (latest === undefined || !(underWay || quiet)) latest = { at: now(), callsBefore: calls(), answer: fetch() };
    try {
      return await latest.answer;
    } catch (error) {
      const secrets = keptFor(serveStaleFor);
      if (secrets === undefined) throw error;
      return secrets;
    }
  };

  return { cached: async () => keptFor(maxAge) ?? askSparingly(), fresh: askSparingly };
};
