import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VirtualClock } from '../../../local/clock.ts';

/** Time that passes only while everybody waits for it: however long a rotation waits, a test does not. */
export interface VirtualTime {
  /** Resolves once so many milliseconds have passed. */
  pause: (milliseconds: number) => Promise<void>;
  /** Something that ends by itself and not by time: meanwhile none passes. */
  during: <T>(act: () => Promise<T>) => Promise<T>;
  /** Lets time pass until the work has ended. Rejects when nobody waits any more and it has not. */
  until: <T>(work: Promise<T>) => Promise<T>;
}

interface Sleeper {
  at: number;
  /** the most that passes at once while this one is next */
  slice: number;
  wake: () => void;
}

/** Turns of the event loop in which nothing happens: then nothing will. */
const patience = 1_000;

/** Of a wait at most so many parts are looked at. */
const parts = 12;

/** `slice`: of a short wait what passes at once, in milliseconds; `seen` is waited for after each. */
export const virtualTime = (
  clock: VirtualClock,
  { slice, seen }: { slice: number; seen: () => Promise<void> },
): VirtualTime => {
  let sleepers: Sleeper[] = [];
  let busy = 0;

  const passOn = async (next: Sleeper): Promise<void> => {
    clock.advance(Math.min(next.slice, next.at - clock.now()));
    await seen();
    const awake = sleepers.filter((sleeper) => sleeper.at <= clock.now());
    sleepers = sleepers.filter((sleeper) => sleeper.at > clock.now());
    for (const { wake } of awake) wake();
  };

  let awaited = 0;
  let hang: (error: unknown) => void = () => undefined;
  let hung = new Promise<never>(() => undefined);

  const driveOn = async (): Promise<void> => {
    let idle = 0;
    while (awaited > 0) {
      const first = sleepers.toSorted((a, b) => a.at - b.at)[0];
      idle = first === undefined && busy === 0 ? idle + 1 : 0;
      if (idle > patience) throw new Error('nobody waits for anything any more, and the work has not ended');
      if (first !== undefined && busy === 0) await passOn(first);
      await nextTurn();
    }
  };

  /** One drives for all who wait. */
  const drive = (): void => {
    hung = new Promise((_resolve, reject) => {
      hang = reject;
    });
    hung.catch(() => undefined);
    driveOn().catch((error: unknown) => {
      hang(error);
    });
  };

  return {
    pause: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ at: clock.now() + milliseconds, slice: Math.max(slice, milliseconds / parts), wake });
      }),
    during: async (act) => {
      busy += 1;
      try {
        return await act();
      } finally {
        busy -= 1;
      }
    },
    until: async (work) => {
      awaited += 1;
      if (awaited === 1) drive();
      try {
        return await Promise.race([work, hung]);
      } finally {
        awaited -= 1;
      }
    },
  };
};
