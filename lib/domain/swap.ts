import type { BlueGreen, Colour, Step } from './blue-green.ts';
import type { DeploymentRecord, Found, FoundSwap, ServiceName, Starting } from './deployment.ts';
import { DeployFailure } from './failure.ts';
import { sameWeights, type Weights } from './traffic.ts';

/**
 * Seconds after which all of a load balancer's nodes may be taken to route by the weights last written: they take a
 * change over late, each in its own time.
 */
export const trafficSettles = 60;

/** A record that says how colours are swapped and how they stood. */
export type SwapRecord = DeploymentRecord & { blueGreen: BlueGreen; found: Found & { swap: FoundSwap } };

/** Raises Unexpected when Look has not been there. */
export const swapRecordOf = (record: DeploymentRecord): SwapRecord => {
  const { blueGreen, found } = record;
  const swap = found?.swap;
  if (blueGreen === undefined || found === undefined || swap === undefined)
    throw new DeployFailure('Unexpected', 'the swap came before Look');
  return { ...record, blueGreen, found: { ...found, swap } };
};

/** A swap that has begun to write. */
export type BegunSwap = SwapRecord & { starting: Starting & { desired: number } };

/** Raises Unexpected when Start green has not been there. */
export const begunSwapOf = (record: DeploymentRecord): BegunSwap => {
  const { starting, ...swap } = swapRecordOf(record);
  if (starting?.desired === undefined) throw new DeployFailure('Unexpected', 'the swap came before Start green');
  return { ...swap, starting: { ...starting, desired: starting.desired } };
};

const stepOf = ({ blueGreen }: SwapRecord, step: number): Step | undefined => blueGreen.steps[step];

/** Seconds that a step's weights stay; none before the first. */
export const holdSeconds = (record: SwapRecord, step: number): number => (stepOf(record, step)?.minutes ?? 0) * 60;

export const isLastStep = ({ blueGreen }: SwapRecord, step: number): boolean => step >= blueGreen.steps.length - 1;

/** So many percent of traffic on green, the rest on live. */
const divided = ({ found: { swap } }: SwapRecord, green: number): Weights => ({
  [swap.live.targetGroup]: 100 - green,
  [swap.idle.targetGroup]: green,
});

/** The weights of a step, counted from 0; before the first, those that Look found. */
export const weightsAt = (record: SwapRecord, step: number): Weights => {
  const green = stepOf(record, step)?.weight;
  return green === undefined ? record.found.swap.weights : divided(record, green);
};

/** All traffic on green. */
export const allGreen = (record: SwapRecord): Weights => divided(record, 100);

/** The service of one of the two colours. */
export const serviceOf = ({ service: { cluster } }: SwapRecord, { service }: Colour): ServiceName => ({
  cluster,
  service,
});

/** Whether these are weights that we found, or that we may have written by this step: then nobody else wrote them. */
export const isOurs = (record: SwapRecord, weights: Weights, step: number): boolean => {
  for (let past = -1; past <= step; past += 1) if (sameWeights(weightsAt(record, past), weights)) return true;
  return false;
};
