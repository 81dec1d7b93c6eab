import type { DeregisterTargetsInput, RegisterTargetsInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findTargetGroup } from './find.ts';
import { addTarget, removeTarget } from './targets.ts';

/** A target that is no task of this world never passes a health check. */
export const registerTargets =
  (fleet: Fleet): Operation =>
  (input) => {
    const { TargetGroupArn, Targets = [] } = input as unknown as RegisterTargetsInput;
    const group = findTargetGroup(fleet, TargetGroupArn);
    for (const { Id = '', Port, AvailabilityZone } of Targets) {
      const task = [...fleet.tasks.values()].find(({ ip }) => ip === Id);
      addTarget(fleet, group, {
        id: Id,
        port: Port ?? group.port,
        availabilityZone: task?.availabilityZone ?? AvailabilityZone ?? `${fleet.region}a`,
        passing: task?.containers[0]?.answers ?? false,
        seasoned: false,
        changed: () => undefined,
      });
    }
    return {};
  };

export const deregisterTargets =
  (fleet: Fleet): Operation =>
  (input) => {
    const { TargetGroupArn, Targets = [] } = input as unknown as DeregisterTargetsInput;
    const group = findTargetGroup(fleet, TargetGroupArn);
    for (const { Id = '' } of Targets) {
      if (!group.targets.has(Id)) {
        throw new AwsError('InvalidTarget', `The following targets are not registered with the target group: '${Id}'`);
      }
    }
    for (const { Id = '' } of Targets) removeTarget(fleet, group, { id: Id, gone: () => undefined });
    return {};
  };
