import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  RegisterScalableTargetRequest,
} from '@aws-sdk/client-application-auto-scaling';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { arn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { askedFor, checkScaled, registeredTarget, scaledService } from './find.ts';
import type { TargetRecord } from './scaling.ts';
import { DIMENSION, NAMESPACE, keyOf } from './scaling.ts';

export const describeScalableTargets =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DescribeScalableTargetsRequest;
    const { ResourceIds, NextToken: nextToken, MaxResults: maxResults = 50 } = request;
    const all = askedFor(fleet.scaling.targets.values(), {
      ServiceNamespace: request.ServiceNamespace,
      ScalableDimension: request.ScalableDimension,
    }).filter(({ ResourceId }) => ResourceIds === undefined || ResourceIds.includes(ResourceId));
    const page = pageOf(all, { nextToken, maxResults, badTokenCode: 'InvalidNextTokenException' });
    return { ScalableTargets: page.items, NextToken: page.nextToken };
  };

/** Registers or changes: what is not given stays. New bounds pull a desired count that is outside of them inside. */
export const registerScalableTarget =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as RegisterScalableTargetRequest;
    checkScaled(request);
    const { ResourceId = '', MinCapacity, MaxCapacity } = request;
    const service = scaledService(fleet, ResourceId);
    const target = merged(fleet, fleet.scaling.targets.get(ResourceId), request);
    fleet.scaling.targets.set(ResourceId, target);
    if (MinCapacity !== undefined || MaxCapacity !== undefined) {
      service.desired = within(target, service.desired);
      fleet.wake(service);
    }
    return { ScalableTargetARN: target.ScalableTargetARN };
  };

export const within = ({ MinCapacity, MaxCapacity }: TargetRecord, desired: number): number =>
  Math.min(MaxCapacity, Math.max(MinCapacity, desired));

const NOTHING = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

const merged = (
  fleet: Fleet,
  known: TargetRecord | undefined,
  request: RegisterScalableTargetRequest,
): TargetRecord => {
  const { ResourceId = '', MinCapacity = known?.MinCapacity, MaxCapacity = known?.MaxCapacity } = request;
  if (MinCapacity === undefined || MaxCapacity === undefined) {
    throw new AwsError('ValidationException', 'A new scalable target needs both MinCapacity and MaxCapacity');
  }
  if (MinCapacity < 0 || MinCapacity > MaxCapacity) {
    throw new AwsError('ValidationException', 'Minimum capacity must be between 0 and maximum capacity');
  }
  return {
    ServiceNamespace: NAMESPACE,
    ResourceId,
    ScalableDimension: DIMENSION,
    MinCapacity,
    MaxCapacity,
    RoleARN: request.RoleARN ?? known?.RoleARN ?? linkedRole(fleet),
    CreationTime: known?.CreationTime ?? dateOf(fleet),
    SuspendedState: { ...NOTHING, ...known?.SuspendedState, ...request.SuspendedState },
    ScalableTargetARN: known?.ScalableTargetARN ?? newArn(fleet),
  };
};

const newArn = (fleet: Fleet): string =>
  arn(fleet, 'application-autoscaling', `scalable-target/${fleet.names.hex(32)}`);

const linkedRole = ({ partition, account }: Fleet): string =>
  `arn:${partition}:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;

/** Its policies and scheduled actions go with it. */
export const deregisterScalableTarget =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DeregisterScalableTargetRequest;
    const { ResourceId } = registeredTarget(fleet, request);
    const { targets, policies, actions } = fleet.scaling;
    targets.delete(ResourceId);
    for (const dependent of [policies, actions]) {
      for (const key of dependent.keys()) if (key.startsWith(keyOf(ResourceId, ''))) dependent.delete(key);
    }
    return {};
  };
