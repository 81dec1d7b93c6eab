import { tellUnhealthyContainers, tellUnhealthyTarget } from './events.ts';
import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import { noteFailure } from './rollout-failures.ts';
import type { ServiceRecord, Task } from './records.ts';
import { stopTask } from './task-end.ts';
import { healthStatusOf, liveTasks, targetsOf } from './task-health.ts';

/** Stops the tasks that fail their health checks, unless they are still within the service's grace period. */
export const killUnhealthy = (fleet: Fleet, service: ServiceRecord): void => {
  for (const task of liveTasks(fleet, service).filter(({ status }) => status === 'RUNNING')) {
    const verdict = verdictOn(fleet, task);
    if (verdict === undefined) continue;
    const graceLeft = graceEnd(task) - fleet.clock.now();
    if (graceLeft > 0) {
      fleet.clock.after(graceLeft, () => {
        fleet.wake(service);
      });
      continue;
    }
    verdict.tell();
    noteFailure(fleet, task);
    stopTask(fleet, task, verdict.reason);
  }
};

const graceEnd = ({ service, startedAt }: Task): number =>
  (startedAt?.getTime() ?? 0) + (service.settings.healthCheckGracePeriodSeconds ?? 0) * SECOND;

const verdictOn = (fleet: Fleet, task: Task): { reason: string; tell: () => void } | undefined => {
  if (healthStatusOf(task) === 'UNHEALTHY') {
    return {
      reason: 'Task failed container health checks',
      tell: () => {
        tellUnhealthyContainers(fleet, task);
      },
    };
  }
  const bad = targetsOf(fleet, task).find(({ target }) => target?.state === 'unhealthy');
  if (bad === undefined) return undefined;
  return {
    reason: `Task failed ELB health checks in (target-group ${bad.groupArn})`,
    tell: () => {
      const reason = bad.target?.description ?? '';
      tellUnhealthyTarget(fleet, task, { groupArn: bad.groupArn, port: bad.target?.port ?? 0, reason });
    },
  };
};
