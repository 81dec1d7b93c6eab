import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { createTargetGroup } from './create-target-group.ts';
import { describeListeners, describeLoadBalancers } from './describe-load-balancers.ts';
import { describeTargetGroupAttributes, describeTargetGroups } from './describe-target-groups.ts';
import { describeTargetHealth } from './describe-target-health.ts';
import { deregisterTargets, registerTargets } from './register-targets.ts';
import { createRule, describeRules, modifyRule } from './rules.ts';

export const elbv2Operations = (fleet: Fleet): Record<string, Operation> => ({
  CreateRule: createRule(fleet),
  CreateTargetGroup: createTargetGroup(fleet),
  DeregisterTargets: deregisterTargets(fleet),
  DescribeListeners: describeListeners(fleet),
  DescribeLoadBalancers: describeLoadBalancers(fleet),
  DescribeRules: describeRules(fleet),
  DescribeTargetGroupAttributes: describeTargetGroupAttributes(fleet),
  DescribeTargetGroups: describeTargetGroups(fleet),
  DescribeTargetHealth: describeTargetHealth(fleet),
  ModifyRule: modifyRule(fleet),
  RegisterTargets: registerTargets(fleet),
});
