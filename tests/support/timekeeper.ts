import type { VirtualClock } from '../../local/clock.ts';

export interface Timekeeper {
  /** resolves once so many seconds of world time have passed */
  pass: (seconds: number) => Promise<void>;
  /** an execution, or whatever else takes part in time: while it does not wait, no time passes */
  during: <T>(act: () => Promise<T>) => Promise<T>;
}

/** Time passes only while every execution under way waits, and then up to the first one that wakes: as if none took any time to act. */
export const timekeeper = (clock: VirtualClock, passSecond: () => void): Timekeeper => {
  let active = 0;
  let sleepers: { until: number; wake: () => void }[] = [];
  const next = (): void => {
    const first = sleepers.sort((a, b) => a.until - b.until)[0];
    if (first === undefined || sleepers.length < active) return;
    while (clock.now() < first.until) passSecond();
    sleepers = sleepers.filter((sleeper) => sleeper !== first);
    first.wake();
  };
  return {
    pass: (seconds: number): Promise<void> =>
      new Promise((wake) => {
        sleepers.push({ until: clock.now() + seconds * 1_000, wake });
        next();
      }),
    during: async <T>(act: () => Promise<T>): Promise<T> => {
      active += 1;
      try {
        return await act();
      } finally {
        active -= 1;
        next();
      }
    },
  };
};
