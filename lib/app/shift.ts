import type { Interval, Pace } from '../domain/pacing.ts';
import { begunSwapOf, holdSeconds, isOurs, weightsAt, type BegunSwap } from '../domain/swap.ts';
import { holdWait } from '../domain/hold-wait.ts';
import { sameWeights } from '../domain/traffic.ts';
import type { Journal } from '../ports/journal.ts';
import type { Traffic } from '../ports/traffic.ts';
import { writeWeights, readWeights, tamperedTraffic } from './point-weights.ts';
import { recordOf } from './record-of.ts';
import { tellStep, type TellPorts } from './tell.ts';
import type { TrafficView } from './watch.ts';

export interface ShiftInput {
  execution: string;
  deployment: string;
  /** the step to write, from 0, and what has been waited so far */
  traffic: { step: number; wait: Pace };
}

export interface ShiftPorts extends TellPorts {
  traffic: Traffic;
  journal: Journal;
  interval: Interval;
}

/** Writes the step's weights, once; false when the load balancer shows weights of an earlier step, which may be a stale read. */
const write = async (
  { traffic, journal }: ShiftPorts,
  execution: string,
  { record, step }: { record: BegunSwap; step: number },
): Promise<boolean> => {
  const { production: point, targetGroups: groups } = record.blueGreen;
  const weighted = { point, groups, called: 'the load balancer' };
  const [before, after] = [weightsAt(record, step - 1), weightsAt(record, step)];
  const { actions, weights: now } = await readWeights(traffic, weighted);
  if (!isOurs(record, now, step)) throw tamperedTraffic('somebody else changed the weights');
  if (!sameWeights(now, before) && !sameWeights(now, after)) return false;
  await journal.note(record, execution, { shifting: { step, before, after } });
  if (!sameWeights(now, after)) await writeWeights(traffic, weighted, { actions, weights: after });
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
    const weight = record.blueGreen.steps[step]?.weight ?? 0;
    if (written) await tellStep(ports, record, { step: 'traffic shifted', weight });
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
