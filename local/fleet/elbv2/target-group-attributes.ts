import type {
  DescribeTargetGroupAttributesInput,
  ModifyTargetGroupAttributesInput,
  TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { TargetGroup } from './balancer.ts';
import { findTargetGroup } from './find.ts';

export const describeTargetGroupAttributes =
  (fleet: Fleet): Operation =>
  (input) => {
    const { TargetGroupArn } = input as unknown as DescribeTargetGroupAttributesInput;
    return { Attributes: attributesOf(findTargetGroup(fleet, TargetGroupArn)) };
  };

/** What is not given stays. Of all of them, only the deregistration delay does anything in this world. */
export const modifyTargetGroupAttributes =
  (fleet: Fleet): Operation =>
  (input) => {
    const { TargetGroupArn, Attributes = [] } = input as unknown as ModifyTargetGroupAttributesInput;
    const group = findTargetGroup(fleet, TargetGroupArn);
    for (const { Key = '' } of Attributes) {
      if (!group.attributes.has(Key))
        throw new AwsError('ValidationError', `Target group attribute key '${Key}' is not recognized`);
    }
    for (const { Key = '', Value = '' } of Attributes) group.attributes.set(Key, Value);
    return { Attributes: attributesOf(group) };
  };

const attributesOf = ({ attributes }: TargetGroup): TargetGroupAttribute[] =>
  [...attributes].map(([Key, Value]) => ({ Key, Value }));
