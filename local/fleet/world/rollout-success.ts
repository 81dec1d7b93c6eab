import type { Fleet } from './fleet.ts';
import type { Rollout, ServiceRecord } from './records.ts';
import { countsAsHealthy, unstoppedTasks } from './task-health.ts';

/** The service has exactly the tasks it wants, all of them of this rollout and healthy. */
export const isSettled = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): boolean => {
  const unstopped = unstoppedTasks(fleet, service);
  return (
    rollout.moves &&
    unstopped.length === service.desired &&
    unstopped.every((task) => task.rollout === rollout && countsAsHealthy(fleet, task))
  );
};

/** Enough of the new tasks are healthy, and the old ones are gone or may go later (ECS API, DeploymentEarlySuccessCriteria). */
export const isEarlySuccess = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): boolean => {
  const criteria = service.deploymentConfiguration.earlySuccessCriteria;
  if (criteria?.enable !== true || !rollout.moves) return false;
  const unstopped = unstoppedTasks(fleet, service);
  const healthy = unstopped.filter((task) => task.rollout === rollout && countsAsHealthy(fleet, task));
  const enough = healthy.length >= Math.ceil((service.desired * (criteria.healthyPercent ?? 100)) / 100);
  const mayStay = criteria.sourceServiceRevisionCleanup === 'DEFERRED';
  return enough && (mayStay || unstopped.every((task) => task.rollout === rollout));
};
