import { plainName, type NameOf } from '../step-teller.ts';

/** How green gets its traffic in the demo: short, and yet no shorter than the alarm's minute. Percent, and minutes of world time. */
export const swapSteps = [{ weight: 10, minutes: 2 }, { weight: 50, minutes: 1 }, { weight: 100 }] as const;

export const bakeMinutes = 1;

/** A workflow step's name; of those that are taken once for each weight, with the weight. */
export const swapName: NameOf = (taken) => {
  const { step, before } = taken;
  const weighed = step.name === 'Shift' || step.name === 'Watch' ? swapSteps[before] : undefined;
  return weighed === undefined ? plainName(taken) : `${step.name} ${weighed.weight} %`;
};
