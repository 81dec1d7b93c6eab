import type { DescribeTargetHealthInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findTargetGroup } from './find.ts';
import { healthDescription } from './targets.ts';

/** With `Targets`, one that is not registered is told as unused, Target.NotRegistered. */
export const describeTargetHealth =
  (fleet: Fleet): Operation =>
  (input) => {
    const { TargetGroupArn, Targets } = input as unknown as DescribeTargetHealthInput;
    const group = findTargetGroup(fleet, TargetGroupArn);
    if (Targets === undefined) {
      return { TargetHealthDescriptions: [...group.targets.values()].map((target) => healthDescription(target)) };
    }
    return {
      TargetHealthDescriptions: Targets.map(({ Id = '', Port }) => {
        const target = group.targets.get(Id);
        return target === undefined ? notRegistered(Id, Port ?? group.port) : healthDescription(target, { Port });
      }),
    };
  };

const notRegistered = (Id: string, Port: number): object => ({
  Target: { Id, Port },
  TargetHealth: {
    State: 'unused',
    Reason: 'Target.NotRegistered',
    Description: 'Target is not registered to the target group',
  },
});
