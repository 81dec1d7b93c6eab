import { DeployFailure } from '../domain/failure.ts';
import type { Interval, Pace } from '../domain/pacing.ts';
import { begunSwapOf, holdSeconds, isOurs, weightsAt, type BegunSwap } from '../domain/swap.ts';
import { holdWait } from '../domain/hold-wait.ts';
import { sameWeights, weightsOf, withWeights, type Weights } from '../domain/traffic.ts';
import type { Journal } from '../ports/journal.ts';
import type { Traffic } from '../ports/traffic.ts';
import { recordOf } from './record-of.ts';
import type { TrafficView } from './watch.ts';

export interface ShiftInput {
  execution: string;
  deployment: string;
  /** the step to write, from 0, and what has been waited so far */
  traffic: { step: number; wait: Pace };
}

export interface ShiftPorts {
  traffic: Traffic;
  journal: Journal;
  interval: Interval;
}

const foreign = (because: string) => new DeployFailure('TrafficTampered', because);

/** Writes the step's weights, once; false when the load balancer shows weights of an earlier step, which may be a stale read. */
const write = async (
  { traffic, journal }: ShiftPorts,
  execution: string,
  { record, step }: { record: BegunSwap; step: number },
): Promise<boolean> => {
  const { production, targetGroups } = record.blueGreen;
  const [before, after] = [weightsAt(record, step - 1), weightsAt(record, step)];
  const weightsIn = (actions: Parameters<typeof weightsOf>[0] | undefined): Weights => {
    const weights = weightsOf(actions ?? [], targetGroups);
    if (weights === undefined) throw foreign('the load balancer no longer divides traffic between the two groups');
    return weights;
  };
  const actions = await traffic.actions(production);
  const now = weightsIn(actions);
  if (!isOurs(record, now, step)) throw foreign('somebody else changed the weights');
  if (!sameWeights(now, before) && !sameWeights(now, after)) return false;
  await journal.note(record, execution, { shifting: { step, before, after } });
  if (sameWeights(now, after)) return true;
  const written = weightsIn(await traffic.replace(production, withWeights(actions ?? [], after)));
  if (!sameWeights(written, after)) throw foreign('the load balancer has other weights than were written');
  return true;
};

/**
 * One step of the shift: journals the weights before and after, writes them, and compares what the load balancer then
 * says. Repeated, it writes nothing twice. Raises TrafficTampered when somebody else changed the weights.
 */
export const shift =
  (ports: ShiftPorts) =>
  async ({ execution, deployment, traffic: { step, wait } }: ShiftInput): Promise<TrafficView> => {
    const record = begunSwapOf(await recordOf(ports.journal, deployment));
    const written = await write(ports, execution, { record, step });
    const inForce = written ? step : step - 1;
    const hold = holdSeconds(record, inForce);
    // The step before had its time.
    const pace = { phase: written ? 0 : hold, total: wait.total };
    return {
      state: 'watching',
      step: inForce,
      weight: record.blueGreen.steps[inForce]?.weight ?? 0,
      unwell: 0,
      strange: written ? 0 : 1,
      wait: holdWait(pace, ports.interval, hold),
    };
  };
