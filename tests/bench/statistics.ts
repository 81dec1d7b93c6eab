/** The middle value, or the mean of the two middle ones. Raises RangeError when there is no value. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no value has no median');
  return (low + high) / 2;
};

/** To three decimals: what is printed is what is judged. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
