import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import { failRollout } from './failed-rollout.ts';
import type { Fleet } from './fleet.ts';
import type { ServiceRecord } from './records.ts';

const SMALLEST = 3;
const LARGEST = 200;
const DEFAULT_PERCENT = 50;

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
  failRollout(
    fleet,
    { service, rollout: primary },
    {
      goesBack: breaker.rollback === true,
      noticedBy: 'ECS deployment circuit breaker',
      what: 'tasks failed to start',
      because: 'the circuit breaker threshold was exceeded',
    },
  );
};
