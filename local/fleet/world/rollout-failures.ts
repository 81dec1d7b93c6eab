import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import { tellUnableToStart } from './events.ts';
import type { Rollout, Task } from './records.ts';

/** After so many tasks in a row that never ran, ECS starts them ever more slowly, up to every 27 minutes. */
const SLOWED_AFTER = 10;
const SLOWEST = 27 * 60 * SECOND;

/**
 * Counts a task that failed: one that did not start, ended by itself, or failed its health checks
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html).
 */
export const noteFailure = (fleet: Fleet, task: Task): void => {
  const { rollout, service } = task;
  count(rollout, rollout.failedTasks + 1);
  if (service.rollouts[0] !== rollout) rollout.lost += 1;
  if (task.startedAt !== undefined) return;
  service.failedStarts += 1;
  const excess = service.failedStarts - SLOWED_AFTER;
  if (excess === 0) tellUnableToStart(fleet, service);
  if (excess >= 0) service.noStartBefore = fleet.clock.now() + Math.min(SLOWEST, 10 * SECOND * 2 ** excess);
};

/** A task became healthy: the circuit breaker begins anew, unless its configuration says otherwise. */
export const noteHealthy = (task: Task): void => {
  task.provedHealthy = true;
  const { deploymentCircuitBreaker } = task.service.deploymentConfiguration;
  if (deploymentCircuitBreaker?.resetOnHealthyTask ?? true) count(task.rollout, 0);
};

const count = (rollout: Rollout, failedTasks: number): void => {
  rollout.failedTasks = failedTasks;
  if (rollout.deployment.breaker === 'MONITORING') rollout.deployment.failureCount = failedTasks;
};
