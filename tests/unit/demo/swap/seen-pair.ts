import type { ColourSight, Sight } from '../../../../local/demo/swap/sight.ts';

export const liveScaling = { min: 2, max: 6, suspended: { scaleIn: false, scaleOut: false, scheduled: false } };
export const idleScaling = { min: 0, max: 6, suspended: { scaleIn: true, scaleOut: true, scheduled: true } };

const live: ColourSight = {
  ...{ commit: 'A', weight: 100, testWeight: 100, desired: 2, running: 2, requests: 1_000, failures: 0 },
  scaling: liveScaling,
};
const idle: ColourSight = {
  ...{ commit: 'A', weight: 0, testWeight: 0, desired: 0, running: 0, requests: 0, failures: 0 },
  scaling: idleScaling,
};

/** What is seen `at` ms after the start: blue live, green idle, but for what is said. */
export const seen = (
  at: number,
  {
    blue = {},
    green = {},
    alarm = 'OK',
  }: { blue?: Partial<ColourSight>; green?: Partial<ColourSight>; alarm?: Sight['alarm'] } = {},
): Sight => ({ at, alarm, blue: { ...live, ...blue }, green: { ...idle, ...green } });
