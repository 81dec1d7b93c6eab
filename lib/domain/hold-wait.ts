import { nextWait, type Interval, type Pace, type Wait } from './pacing.ts';

/** The wait until the next look at a step: the usual one, but not beyond the step's end. `hold`: seconds that the step lasts. */
export const holdWait = (pace: Pace, interval: Interval, hold: number): Wait => {
  const { seconds: usual } = nextWait(pace, interval, 'total');
  const left = hold - pace.phase;
  const seconds = left > 0 ? Math.min(usual, left) : usual;
  return { phase: pace.phase + seconds, total: pace.total + seconds, seconds };
};
