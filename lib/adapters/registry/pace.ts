import { DeployFailure } from '../../domain/failure.ts';

/** How patiently the registry is asked. */
export interface Pace {
  /** ms without a byte after which a connection is given up: of an answer that comes in one piece, and of a blob */
  quiet: { answer: number; blob: number };
  /** how often in a row without progress */
  tries: number;
  /** ms since 1970 */
  now: () => number;
  wait: (ms: number) => Promise<unknown>;
  /** in [0, 1) */
  random: () => number;
}

export const usualPace: Pace = {
  // Four tries of an answer, and the waits between them, fit into a task's thirty seconds.
  quiet: { answer: 5_000, blob: 30_000 },
  tries: 4,
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

const longestAsked = 10_000; // ms of `Retry-After`; who must wait for longer is left to the workflow

/** `Retry-After`, a number of seconds or a date, as seconds from now. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export const retryAfter = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1_000);
  return seconds > 0 ? seconds : undefined;
};

/**
 * Waits before the next try, and raises the error when there is none: not RegistryUnavailable, or `failed` tries in a row
 * brought nothing. Half of the wait is chance, so that those who failed together do not come again together.
 */
export const beforeNextTry = async (pace: Pace, error: unknown, failed: number): Promise<void> => {
  if (!(error instanceof DeployFailure) || error.name !== 'RegistryUnavailable' || failed >= pace.tries) throw error;
  const asked = Math.min(Number(error.facts['retry_after'] ?? 0) * 1_000, longestAsked);
  const backoff = 500 * 2 ** (failed - 1) * (0.5 + pace.random() / 2);
  await pace.wait(Math.max(asked, backoff));
};

/** What `act` answers, tried again while the registry is unavailable. */
export const withTries = async <T>(pace: Pace, act: () => Promise<T>): Promise<T> => {
  for (let failed = 1; ; failed += 1) {
    try {
      return await act();
    } catch (error) {
      await beforeNextTry(pace, error, failed);
    }
  }
};
