import type { ScalableTarget } from '../../../lib/domain/scaling.ts';

export type ColourName = 'blue' | 'green';
export const colourNames = ['blue', 'green'] as const;

export const otherThan = (colour: ColourName): ColourName => (colour === 'blue' ? 'green' : 'blue');

/** One colour at one moment. */
export interface ColourSight {
  /** letter of the commit that its service is set to */
  commit: string;
  /** percent of traffic, as the load balancer has it */
  weight: number;
  /** the same in the test rule */
  testWeight: number;
  /** tasks */
  desired: number;
  running: number;
  /** answers that its tasks gave or should have given since the world began, and those of them that were failures */
  requests: number;
  failures: number;
  scaling: ScalableTarget | undefined;
}

export type AlarmState = 'OK' | 'ALARM';

/** What is so at one moment. `at`: ms since the epoch, real time. */
export interface Sight extends Record<ColourName, ColourSight> {
  at: number;
  alarm: AlarmState;
}

/** Percent that a part is of the whole; of nothing, none. */
export const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 100));

/** Answers since the sight before, by colour. */
export const answersSince = (before: Sight, now: Sight): Record<ColourName, number> => ({
  blue: now.blue.requests - before.blue.requests,
  green: now.green.requests - before.green.requests,
});

export const failuresOf = ({ blue, green }: Sight): number => blue.failures + green.failures;

/** The latest sight that is at least `ms` of real time older than the last one; of a younger history, the first. */
export const sightBefore = (history: readonly Sight[], ms: number): Sight | undefined => {
  const now = history.at(-1);
  return now === undefined ? undefined : (history.findLast(({ at }) => now.at - at >= ms) ?? history[0]);
};
