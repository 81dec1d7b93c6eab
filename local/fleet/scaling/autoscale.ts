import type { Autoscaled } from '../scaling-seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceRecord } from '../world/records.ts';
import { within } from './scalable-targets.ts';
import { resourceIdOf } from './scaling.ts';

/**
 * A policy of the service wants so many tasks: it gets them within the bounds, unless scaling in that direction is
 * suspended. While a deployment runs, nothing is scaled in:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export const autoscale = (fleet: Fleet, service: ServiceRecord, wanted: number): Autoscaled => {
  const target = fleet.scaling.targets.get(resourceIdOf(service.cluster.name, service.name));
  if (target === undefined) throw new Error(`The service ${service.name} has no scalable target`);
  const { DynamicScalingInSuspended, DynamicScalingOutSuspended } = target.SuspendedState;
  const desired = within(target, wanted);
  const isIn = desired < service.desired;
  const rests = isIn ? DynamicScalingInSuspended === true || isDeploying(service) : DynamicScalingOutSuspended === true;
  if (desired === service.desired || rests) return { done: false, desired: service.desired };
  service.desired = desired;
  fleet.wake(service);
  return { done: true, desired };
};

const isDeploying = ({ rollouts }: ServiceRecord): boolean => rollouts[0]?.state === 'IN_PROGRESS';
