import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { deregisterScalableTarget, describeScalableTargets, registerScalableTarget } from './scalable-targets.ts';
import { describeScalingPolicies, putScalingPolicy } from './scaling-policies.ts';
import { describeScheduledActions, putScheduledAction } from './scheduled-actions.ts';

export const scalingOperations = (fleet: Fleet): Record<string, Operation> => ({
  DeregisterScalableTarget: deregisterScalableTarget(fleet),
  DescribeScalableTargets: describeScalableTargets(fleet),
  DescribeScalingPolicies: describeScalingPolicies(fleet),
  DescribeScheduledActions: describeScheduledActions(fleet),
  PutScalingPolicy: putScalingPolicy(fleet),
  PutScheduledAction: putScheduledAction(fleet),
  RegisterScalableTarget: registerScalableTarget(fleet),
});
