/** Tells whether one more call may pass. */
export type Budget = () => boolean;

/**
 * So many calls a second, and as many at once: a bucket that fills steadily. Counted in real time: those who are
 * throttled wait in real time, too, also where the world's clock runs faster or is moved by hand.
 */
export const putBudget = (realTime: () => number, perSecond: () => number): Budget => {
  let left = Infinity;
  let seen = realTime();
  return () => {
    const now = realTime();
    left = Math.min(perSecond(), left + ((now - seen) / 1000) * perSecond());
    seen = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
};
