import type { ScalableTarget } from './scaling.ts';

const same = (a: ScalableTarget, b: ScalableTarget): boolean =>
  a.min === b.min &&
  a.max === b.max &&
  a.suspended.scaleIn === b.suspended.scaleIn &&
  a.suspended.scaleOut === b.suspended.scaleOut &&
  a.suspended.scheduled === b.suspended.scheduled;

/** Whether a scalable target is as this swap found it or set it; if it is none of these somebody else changed it. */
export const isOneOf = (now: ScalableTarget | undefined, ours: readonly ScalableTarget[]): boolean =>
  now !== undefined && ours.some((one) => same(one, now));
