import type { ServiceName, UndoResult } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { certainAfter, minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { serviceOf, trafficSettles, type BegunSwap, type SwapRecord } from '../domain/swap.ts';
import { routeBack, shrinkGreen, type GreenSight, type GreenStep, type RouteStep } from '../domain/swap-undoing.ts';
import { healthyAmong, weightsOf, withWeights, type Action, type Weights } from '../domain/traffic.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Scaling } from '../ports/scaling.ts';
import type { Traffic } from '../ports/traffic.ts';
import { closeTest } from './close-test.ts';
import { followRollout } from './follow-rollout.ts';
import { restoreScaling } from './restore-scaling.ts';
import { tellStep, type TellPorts } from './tell.ts';

export interface UndoSwapPorts extends TellPorts {
  fleet: Fleet;
  traffic: Traffic;
  scaling: Scaling;
  journal: Journal;
  interval: Interval;
}

/** Whose swap is undone, by which execution, and how long it has waited for that. */
export interface SwapUndoing {
  execution: string;
  record: BegunSwap;
  wait: Wait;
}

export type UndoSwapOutput = { done: true; result: UndoResult } | { done: false; wait: Wait };

interface Sight {
  actions: readonly Action[];
  weights: Weights | undefined;
  route: RouteStep;
}

const sight = async ({ traffic }: UndoSwapPorts, { record, wait }: SwapUndoing): Promise<Sight> => {
  const { production, targetGroups } = record.blueGreen;
  const { live, idle } = record.found.swap;
  const [actions, ofLive, ofGreen] = await Promise.all([
    traffic.actions(production),
    traffic.targets(live.targetGroup),
    traffic.targets(idle.targetGroup),
  ]);
  const weights = actions === undefined ? undefined : weightsOf(actions, targetGroups);
  const seen = { weights, healthy: { live: healthyAmong(ofLive), green: healthyAmong(ofGreen) } };
  return { actions: actions ?? [], weights, route: routeBack(record, seen, wait.phase === 0) };
};

/** One write. Raises UndoFailed after a rescue: then users are on green, whose deployment failed. */
const route = async (
  ports: UndoSwapPorts,
  { execution, record }: SwapUndoing,
  { actions, step }: { actions: readonly Action[]; step: Extract<RouteStep, { to: Weights }> },
): Promise<void> => {
  const { traffic, scaling, journal } = ports;
  const { live, idle } = record.found.swap;
  await journal.note(record, execution, { undoing: { to: (step.do === 'rescue' ? idle : live).targetGroup } });
  await traffic.replace(record.blueGreen.production, withWeights(actions, step.to));
  if (step.do === 'rescue') {
    await restoreScaling(scaling, record, { hasTraffic: true, isThere: true });
    await closeTest(traffic, record);
    const because = 'the colour of before has no healthy target: all traffic was sent to the new one, which has';
    throw new DeployFailure('UndoFailed', because);
  }
  await tellStep(ports, record, { step: 'undo begun' });
};

const greenHasTraffic = ({ found: { swap } }: SwapRecord, { weights, route: { do: step } }: Sight): boolean =>
  step === 'leave' && (weights === undefined || weights[swap.idle.targetGroup] !== 0);

const greenNow = async (fleet: Fleet, record: BegunSwap, name: ServiceName): Promise<GreenSight> => {
  const green = await fleet.service(name);
  if (green === undefined) return { green, verdict: undefined };
  const { verdict } = await followRollout(fleet, green, { record, known: undefined });
  return { green, verdict };
};

const tidy = async (
  ports: UndoSwapPorts,
  { execution, record }: SwapUndoing,
  green: { step: GreenStep; name: ServiceName; hasTraffic: boolean; isThere: boolean },
): Promise<void> => {
  await ports.journal.note(record, execution, { undoing: { to: record.found.swap.live.targetGroup } });
  if (green.step.do === 'shrink' && !green.hasTraffic) await ports.fleet.resize(green.name, 0);
  await restoreScaling(ports.scaling, record, green);
  await closeTest(ports.traffic, record);
  // Where users were moved back, that was told.
  if (record.undoing === undefined && green.step.do === 'shrink') await tellStep(ports, record, { step: 'undo begun' });
};

const resultOf = (record: SwapRecord, step: GreenStep, { route: { do: routed } }: Sight): UndoResult => {
  if (routed === 'leave') return 'left alone';
  const wrote = record.shifting !== undefined || record.started !== undefined;
  return step.do !== 'nothing' || (wrote && step.result === 'nothing written') ? 'undone' : step.result;
};

/**
 * One step of taking a swap back, or one look at how that goes: first the traffic, in one write; once the load
 * balancer's nodes have surely taken that over, green, the scaling and the test rule. Whatever somebody else changed is
 * left as it is, and a colour that has traffic is never shrunk. Raises UndoFailed, LockLost.
 */
export const undoSwap = async (ports: UndoSwapPorts, undoing: SwapUndoing): Promise<UndoSwapOutput> => {
  const { record, wait } = undoing;
  if (wait.phase >= minutes(record.timeoutMinutes) + trafficSettles)
    throw new DeployFailure('UndoFailed', `traffic was not back after ${record.timeoutMinutes} minutes`);
  const later = { done: false, wait: nextWait(wait, ports.interval, 'total') } as const;
  const seen = await sight(ports, undoing);
  if ('to' in seen.route) {
    await route(ports, undoing, { actions: seen.actions, step: seen.route });
    return later;
  }
  if (record.shifting !== undefined && wait.phase < trafficSettles) return later;
  const name = serviceOf(record, record.found.swap.idle);
  const green = await greenNow(ports.fleet, record, name);
  const step = shrinkGreen(record, green, wait.phase >= certainAfter);
  if (step.do === 'wait') return later;
  const isThere = green.green?.status === 'ACTIVE';
  await tidy(ports, undoing, { step, name, hasTraffic: greenHasTraffic(record, seen), isThere });
  return { done: true, result: resultOf(record, step, seen) };
};
