import { isBaked } from './alarms.ts';
import { watchBreaker } from './breaker.ts';
import { tellStalled, tellStarted, tellSteady, tellStopped } from './events.ts';
import type { Fleet } from './fleet.ts';
import { limitsOf } from './limits.ts';
import type { Rollout, ServiceRecord, Task } from './records.ts';
import { completeRollout, setStatus } from './rollouts.ts';
import { noteHealthy } from './rollout-failures.ts';
import { isEarlySuccess, isSettled } from './rollout-success.ts';
import { stopTask } from './task-end.ts';
import { countsAsHealthy, liveTasks, unstoppedTasks } from './task-health.ts';
import { launchTask } from './tasks.ts';
import { killUnhealthy } from './unhealthy-tasks.ts';

/** Has the service scheduler look at a service within seconds; calls until then are one. */
export const wakeOn =
  (fleet: Fleet) =>
  (service: ServiceRecord): void => {
    if (service.awake || service.status === 'INACTIVE') return;
    service.awake = true;
    fleet.clock.after(fleet.chance.milliseconds(1, 3), () => {
      service.awake = false;
      pass(fleet, service);
    });
  };

const pass = (fleet: Fleet, service: ServiceRecord): void => {
  if (service.status === 'DRAINING') {
    windDown(fleet, service);
    return;
  }
  for (const task of liveTasks(fleet, service)) {
    if (!task.provedHealthy && countsAsHealthy(fleet, task)) noteHealthy(task);
  }
  killUnhealthy(fleet, service);
  watchBreaker(fleet, service);
  const [primary] = service.rollouts;
  if (primary === undefined) return;
  if (primary.deployment.status === 'PENDING') begin(fleet, primary);
  moveTasks(fleet, service, primary);
  settle(fleet, service, primary);
};

const begin = (fleet: Fleet, { deployment }: Rollout): void => {
  setStatus(fleet, deployment, { status: 'IN_PROGRESS' });
  deployment.startedAt = deployment.updatedAt;
};

const moveTasks = (fleet: Fleet, service: ServiceRecord, primary: Rollout): void => {
  const stopped = [...surplus(fleet, service, primary), ...replaceable(fleet, service, primary)];
  if (stopped.length > 0) tellStopped(fleet, service, stopped);
  for (const task of stopped) stopTask(fleet, task, `Scaling activity initiated by (deployment ${primary.id})`);
  const started = [...replaceLost(fleet, service, primary), ...startMissing(fleet, service, primary)];
  if (started.length > 0) tellStarted(fleet, service, started);
  if (stopped.length + started.length > 0) service.steady = false;
  else noticeStall(fleet, service, primary);
};

/** Tasks of the PRIMARY beyond the desired count, the youngest first. */
const surplus = (fleet: Fleet, service: ServiceRecord, primary: Rollout): Task[] => {
  const own = liveTasks(fleet, service).filter(({ rollout }) => rollout === primary);
  return own.reverse().slice(0, Math.max(0, own.length - service.desired));
};

/** Tasks of older rollouts that can go: those that are not healthy, and as many healthy ones as the minimum leaves. */
const replaceable = (fleet: Fleet, service: ServiceRecord, primary: Rollout): Task[] => {
  if (!primary.moves) return [];
  const live = liveTasks(fleet, service);
  const old = live.filter(({ rollout }) => rollout !== primary);
  const isHealthy = (task: Task): boolean => countsAsHealthy(fleet, task);
  const spare = live.filter(isHealthy).length - limitsOf(service).least;
  const unhealthy = old.filter((task) => !isHealthy(task));
  // Too few are healthy: tasks that are just replacing lost ones of the last good revision are let come up.
  const coming = unhealthy.filter(({ rollout }) => rollout.state === 'COMPLETED').slice(0, Math.max(0, -spare));
  return [...unhealthy.filter((task) => !coming.includes(task)), ...old.filter(isHealthy).slice(0, Math.max(0, spare))];
};

/** While a rollout runs, tasks lost from the last good revision are replaced there if too few are left. */
const replaceLost = (fleet: Fleet, service: ServiceRecord, primary: Rollout): Task[] => {
  const good = service.rollouts.find((rollout) => rollout !== primary && rollout.state === 'COMPLETED');
  if (good === undefined || good.lost === 0) return [];
  const live = liveTasks(fleet, service);
  const kept = live.filter((task) => task.rollout !== primary || countsAsHealthy(fleet, task)).length;
  const { least, most } = limitsOf(service);
  const count = Math.max(0, Math.min(good.lost, least - kept, most - live.length));
  good.lost = 0;
  return launch(fleet, service, { rollout: good, count });
};

const startMissing = (fleet: Fleet, service: ServiceRecord, primary: Rollout): Task[] => {
  const { missing, room } = gap(fleet, service, primary);
  const wait = service.noStartBefore - fleet.clock.now();
  if (!primary.moves || missing <= 0) return [];
  if (wait > 0) {
    fleet.clock.after(wait, () => {
      fleet.wake(service);
    });
    return [];
  }
  return launch(fleet, service, { rollout: primary, count: Math.min(missing, room) });
};

const gap = (fleet: Fleet, service: ServiceRecord, primary: Rollout): { missing: number; room: number } => {
  const live = liveTasks(fleet, service);
  const own = live.filter(({ rollout }) => rollout === primary);
  return { missing: service.desired - own.length, room: Math.max(0, limitsOf(service).most - live.length) };
};

const launch = (
  fleet: Fleet,
  service: ServiceRecord,
  { rollout, count }: { rollout: Rollout; count: number },
): Task[] => Array.from({ length: count }, () => launchTask(fleet, service, rollout));

/** Nothing may be started and nothing stopped, though the rollout is not done: ECS says so once. */
const noticeStall = (fleet: Fleet, service: ServiceRecord, primary: Rollout): void => {
  const { missing, room } = gap(fleet, service, primary);
  if (primary.stallTold || !primary.moves || missing <= 0 || room > 0) return;
  const changing = unstoppedTasks(fleet, service).some((task) => !countsAsHealthy(fleet, task));
  if (changing) return;
  primary.stallTold = true;
  tellStalled(fleet, service);
};

/** Forgets rollouts whose tasks are all gone, completes the PRIMARY, and says so when the service is steady. */
const settle = (fleet: Fleet, service: ServiceRecord, primary: Rollout): void => {
  const unstopped = unstoppedTasks(fleet, service);
  service.rollouts = service.rollouts.filter(
    (rollout) => rollout === primary || unstopped.some((task) => task.rollout === rollout),
  );
  const settled = isSettled(fleet, service, primary);
  if (settled || isEarlySuccess(fleet, service, primary)) endRollout(fleet, service, primary);
  else primary.reachedAt = undefined;
  if (settled && !service.steady) tellSteady(fleet, service);
  service.steady = settled;
};

const endRollout = (fleet: Fleet, service: ServiceRecord, primary: Rollout): void => {
  if (primary.state === 'IN_PROGRESS' && isBaked(fleet, service, primary)) completeRollout(fleet, service, primary);
};

/** A deleted service: all its tasks stop, and then it is INACTIVE. */
const windDown = (fleet: Fleet, service: ServiceRecord): void => {
  const live = liveTasks(fleet, service);
  if (live.length > 0) tellStopped(fleet, service, live);
  for (const task of live) stopTask(fleet, task, 'Service is being deleted');
  if (unstoppedTasks(fleet, service).length > 0) return;
  service.status = 'INACTIVE';
  service.rollouts = [];
};
