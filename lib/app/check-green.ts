import { failedByItself, resizedGreen, strangeLive, type Strangeness } from '../domain/colour-watch.ts';
import { DeployFailure } from '../domain/failure.ts';
import { maxStaleLooks, minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import type { ServiceState } from '../domain/rollout.ts';
import { begunSwapOf, serviceOf, type BegunSwap } from '../domain/swap.ts';
import { healthyAmong } from '../domain/traffic.ts';
import type { Diagnosis } from '../ports/diagnosis.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Traffic } from '../ports/traffic.ts';
import { followRollout, rolloutFailure, type Followed } from './follow-rollout.ts';
import { recordOf } from './record-of.ts';

/** How far green is. Counts are tasks; `healthy`: targets that are this rollout's tasks and healthy. */
export interface GreenView {
  /** `grown`: live has more tasks by now, green is to get as many */
  state: 'starting' | 'healthy' | 'grown';
  running: number;
  desired: number;
  healthy: number;
  /** looks in a row that did not show our rollout, or showed a colour that is not as we left it (a stale read, at first) */
  strange: number;
  wait: Wait;
  /** whether the target says how green is to be asked before users see it */
  test: boolean;
  /** ECS's own record of the rollout, once it is known */
  serviceDeployment?: string;
  /** once it is healthy: ids of the tasks that failed by themselves on the way, which Watch does not hold against it */
  failed?: readonly string[];
}

export interface CheckGreenInput {
  deployment: string;
  /** the view that the last look left */
  green: GreenView;
}

export interface CheckGreenPorts {
  fleet: Fleet;
  traffic: Traffic;
  diagnosis: Diagnosis;
  journal: Journal;
  interval: Interval;
}

interface Seen {
  green: ServiceState;
  live: ServiceState | undefined;
  followed: Followed;
}

/** The tasks of this rollout that the load balancer finds healthy. Drainers of an earlier one may still be in the group. */
const healthyOf = async (
  { fleet, traffic }: CheckGreenPorts,
  record: BegunSwap,
  { ours }: Followed,
): Promise<number> => {
  if (ours === undefined || ours.running === 0) return 0;
  const { idle } = record.found.swap;
  const [addresses, targets] = await Promise.all([
    fleet.addresses(serviceOf(record, idle), ours.id),
    traffic.targets(idle.targetGroup),
  ]);
  const known = new Set(addresses);
  return healthyAmong(targets.filter(({ id }) => known.has(id)));
};

/** Ids of this rollout's tasks that failed by themselves so far. */
const failedSoFar = async ({ fleet }: CheckGreenPorts, record: BegunSwap, { ours }: Followed): Promise<string[]> => {
  const stopped = await fleet.stopped(serviceOf(record, record.found.swap.idle), ours?.id ?? '');
  return stopped.filter(failedByItself).map(({ id }) => id);
};

/** What is not as we left it, and may be a stale read the first few times. */
const strangeness = (record: BegunSwap, { green, live, followed: { verdict } }: Seen): Strangeness | undefined => {
  const { service } = record.found.swap.idle;
  if (green.status !== 'ACTIVE') return { name: 'ServiceTampered', because: `${service}, green, is ${green.status}` };
  if (verdict.state === 'unseen')
    return { name: 'RolloutReplaced', because: `our rollout is no longer on ${service}, green` };
  return resizedGreen(record, green) ?? (hasGrown(record, live) ? undefined : strangeLive(record, live));
};

/** Scale-out of live, which alone can move its count. */
const hasGrown = (record: BegunSwap, live: ServiceState | undefined): boolean => {
  const max = record.found.swap.scaling.live?.max ?? 0;
  return live !== undefined && live.desired > record.starting.desired && live.desired <= max;
};

const look = async (
  ports: CheckGreenPorts,
  record: BegunSwap,
  known: string | undefined,
): Promise<Seen | undefined> => {
  const { live, idle } = record.found.swap;
  const [liveNow, green] = await Promise.all([
    ports.fleet.service(serviceOf(record, live)),
    ports.fleet.service(serviceOf(record, idle)),
  ]);
  if (green === undefined) return undefined;
  return { green, live: liveNow, followed: await followRollout(ports.fleet, green, { record, known }) };
};

/** Raises what ends it: our rollout failed, somebody else's is in its place, or its time is over. */
const mustGoOn = async (
  { diagnosis }: CheckGreenPorts,
  record: BegunSwap,
  seen: Seen & { wait: Wait },
): Promise<void> => {
  const { verdict } = seen.followed;
  const of = { record, name: serviceOf(record, record.found.swap.idle), service: seen.green };
  if (verdict.state === 'replaced') throw new DeployFailure('RolloutReplaced', verdict.because);
  if (verdict.state === 'failed' || verdict.state === 'rolled back') {
    const because = `${verdict.state}: ${verdict.because}`;
    throw await rolloutFailure(diagnosis, of, { name: 'GreenUnhealthy', because });
  }
  if (seen.wait.phase >= minutes(record.timeoutMinutes)) {
    const because = `not healthy after ${record.timeoutMinutes} minutes`;
    throw await rolloutFailure(diagnosis, of, { name: 'GreenUnhealthy', because });
  }
};

/**
 * One look at green. Healthy is: our rollout COMPLETED, as many running as desired, at least as many as live has, and
 * as many healthy targets that are this rollout's. Raises GreenUnhealthy with reasons (failed, rolled back by ECS, or
 * too slow), RolloutReplaced, ServiceTampered.
 */
export const checkGreen =
  (ports: CheckGreenPorts) =>
  async ({ deployment, green: last }: CheckGreenInput): Promise<GreenView> => {
    const record = begunSwapOf(await recordOf(ports.journal, deployment));
    const wait = nextWait(last.wait, ports.interval, 'total');
    const seen = await look(ports, record, last.serviceDeployment);
    const gone = { name: 'ServiceTampered', because: `${record.found.swap.idle.service}, green, is gone` } as const;
    const strange = seen === undefined ? gone : strangeness(record, seen);
    if (strange !== undefined && last.strange >= maxStaleLooks) throw new DeployFailure(strange.name, strange.because);
    if (seen === undefined) return { ...last, state: 'starting', strange: last.strange + 1, wait };
    const healthy = await healthyOf(ports, record, seen.followed);
    const { running, desired } = seen.followed.ours ?? seen.green;
    const enough = running === desired && desired >= record.starting.desired && healthy >= desired;
    const done = strange === undefined && seen.followed.verdict.state === 'completed' && enough;
    if (!done) await mustGoOn(ports, record, { ...seen, wait: last.wait });
    const isGrown = strange === undefined && hasGrown(record, seen.live);
    const state = isGrown ? 'grown' : done ? 'healthy' : 'starting';
    return {
      state,
      running,
      desired,
      healthy,
      strange: strange === undefined ? 0 : last.strange + 1,
      wait: state === 'starting' ? wait : last.wait,
      test: record.blueGreen.test !== undefined,
      ...(seen.followed.arn === undefined ? {} : { serviceDeployment: seen.followed.arn }),
      ...(state === 'healthy' ? { failed: await failedSoFar(ports, record, seen.followed) } : {}),
    };
  };
