import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import { tellFailed } from './events.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import { rollBack, stopDeployment } from './rollouts.ts';
import type { ServiceRecord } from './records.ts';

const SMALLEST = 3;
const LARGEST = 200;
const DEFAULT_PERCENT = 50;
const EXCEEDED = 'the circuit breaker threshold was exceeded.';

/** How many failed tasks trip the circuit breaker (ECS API, DeploymentCircuitBreaker.thresholdConfiguration). */
export const breakerThreshold = (desired: number, breaker: DeploymentCircuitBreaker | undefined): number => {
  const { type = 'BOUNDED_PERCENT', value = DEFAULT_PERCENT } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((desired * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(LARGEST, Math.max(SMALLEST, share));
};

/** Trips the circuit breaker when the PRIMARY's failures reach the threshold. */
export const watchBreaker = (fleet: Fleet, service: ServiceRecord): void => {
  const [primary] = service.rollouts;
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  if (primary === undefined || breaker?.enable !== true || primary.state !== 'IN_PROGRESS' || !primary.moves) return;
  if (primary.failedTasks < breakerThreshold(service.desired, breaker)) return;
  primary.deployment.breaker = 'TRIGGERED';
  primary.deployment.failureCount = primary.failedTasks;
  primary.moves = false;
  const goesBack = breaker.rollback === true;
  const completed = service.lastCompleted;
  // Nothing to go back to, or the way back failed too: ECS stalls, for as long as nobody steps in (deployment-circuit-breaker).
  if (goesBack && (completed === undefined || primary.deployment.rollback !== undefined)) return;
  primary.state = 'FAILED';
  primary.reason = 'ECS deployment circuit breaker: tasks failed to start.';
  primary.updatedAt = dateOf(fleet);
  tellFailed(fleet, service, primary);
  if (!goesBack || completed === undefined) {
    stopDeployment(fleet, primary.deployment, `Service deployment stopped because ${EXCEEDED}`);
    return;
  }
  const reason = `Service deployment rolled back because ${EXCEEDED}`;
  const back = rollBack(fleet, service, { from: primary, to: completed, reason });
  back.reason = `ECS deployment circuit breaker: rolling back to deploymentId ${completed.rolloutId}.`;
};
