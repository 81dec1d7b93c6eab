import type { DeployFailure } from './failure.ts';
import { minutes } from './pacing.ts';

/** Seconds: waited in vain so far, and until the next try. */
export interface UnreachableWait {
  unreachable: number;
  seconds: number;
}

const limit = minutes(30);

/** The wait before something outside, which does not answer, is asked again. Raises what it failed with after thirty minutes. */
export const nextTry = (unreachable: number, failure: DeployFailure): UnreachableWait => {
  if (unreachable >= limit) throw failure;
  const seconds = unreachable < minutes(5) ? 15 : 60;
  return { unreachable: unreachable + seconds, seconds };
};
