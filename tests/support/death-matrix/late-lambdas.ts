import type { Timekeeper } from '../timekeeper.ts';

/** Seconds that a stopped execution's last Lambda still runs before it makes its call: a task may take 30. */
const lateness = 20;

/** Lambdas whose execution was stopped: each is held at one call until a recovery has been running for a while. */
export const lateLambdas = () => {
  let held: (() => void)[] = [];
  return {
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        held.push(resolve);
      }),
    /** An execution has begun, or there will be none: those who wait go on, and time waits for them until they are `idle`. */
    letGo: (time: Timekeeper, idle: () => Promise<void>): void => {
      const all = held;
      held = [];
      if (all.length === 0) return;
      void time.during(async () => {
        await time.pass(lateness);
        for (const go of all) go();
        await idle();
      });
    },
  };
};
