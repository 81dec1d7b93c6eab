import type {
  DescribeScalingPoliciesRequest,
  PutScalingPolicyRequest,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { Operation } from '../operation.ts';
import { arn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { askedFor, registeredTarget } from './find.ts';
import { keyOf } from './scaling.ts';

export const describeScalingPolicies =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DescribeScalingPoliciesRequest;
    const { PolicyNames, NextToken: nextToken, MaxResults: maxResults = 10 } = request;
    const all = askedFor(fleet.scaling.policies.values(), request).filter(
      ({ PolicyName = '' }) => PolicyNames === undefined || PolicyNames.includes(PolicyName),
    );
    const page = pageOf(all, { nextToken, maxResults, badTokenCode: 'InvalidNextTokenException' });
    return { ScalingPolicies: page.items, NextToken: page.nextToken };
  };

/** A policy is data here: what it would do is said to the world by hand (autoscale.ts). */
export const putScalingPolicy =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as PutScalingPolicyRequest;
    const { ResourceId } = registeredTarget(fleet, request);
    const { PolicyName = '' } = request;
    const key = keyOf(ResourceId, PolicyName);
    const known = fleet.scaling.policies.get(key);
    const policy: ScalingPolicy = {
      PolicyType: 'StepScaling',
      ...known,
      ...request,
      PolicyARN: known?.PolicyARN ?? newArn(fleet, ResourceId, PolicyName),
      CreationTime: known?.CreationTime ?? dateOf(fleet),
      Alarms: [],
    };
    fleet.scaling.policies.set(key, policy);
    return { PolicyARN: policy.PolicyARN, Alarms: [] };
  };

const newArn = (fleet: Fleet, resourceId: string, name: string): string =>
  arn(fleet, 'autoscaling', `scalingPolicy:${fleet.names.hex(32)}:resource/ecs/${resourceId}:policyName/${name}`);
