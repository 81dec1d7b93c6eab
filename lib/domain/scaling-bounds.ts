import { duringSwap, retired, type ScalableTarget } from './scaling.ts';

const same = (a: ScalableTarget, b: ScalableTarget): boolean =>
  a.min === b.min &&
  a.max === b.max &&
  a.suspended.scaleIn === b.suspended.scaleIn &&
  a.suspended.scaleOut === b.suspended.scaleOut &&
  a.suspended.scheduled === b.suspended.scheduled;

/** Whether a scalable target is as this swap found it or set it; if it is none of these somebody else changed it. */
export const isOneOf = (now: ScalableTarget | undefined, ours: readonly ScalableTarget[]): boolean =>
  now !== undefined && ours.some((one) => same(one, now));

/**
 * A colour's own scalable target, where an earlier swap may not have put it back: what still is as during that swap is
 * none of ops'. `held`: what live had before that swap.
 */
export const ownBounds = (
  now: ScalableTarget,
  { colour, held }: { colour: 'live' | 'idle'; held: ScalableTarget | undefined },
): ScalableTarget => {
  if (held === undefined || !same(now, duringSwap(held))) return now;
  return colour === 'live' ? held : retired(held);
};
