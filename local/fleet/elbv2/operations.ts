import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { createTargetGroup } from './create-target-group.ts';
import { describeLoadBalancers } from './describe-load-balancers.ts';
import { describeTargetGroups } from './describe-target-groups.ts';
import { describeTargetHealth } from './describe-target-health.ts';
import { createListener, describeListeners, modifyListener } from './listeners.ts';
import { deregisterTargets, registerTargets } from './register-targets.ts';
import { describeTargetGroupAttributes, modifyTargetGroupAttributes } from './target-group-attributes.ts';
import { createRule, deleteRule, describeRules, modifyRule } from './rules.ts';

export const elbv2Operations = (fleet: Fleet): Record<string, Operation> => ({
  CreateListener: createListener(fleet),
  CreateRule: createRule(fleet),
  CreateTargetGroup: createTargetGroup(fleet),
  DeleteRule: deleteRule(fleet),
  DeregisterTargets: deregisterTargets(fleet),
  DescribeListeners: describeListeners(fleet),
  DescribeLoadBalancers: describeLoadBalancers(fleet),
  DescribeRules: describeRules(fleet),
  DescribeTargetGroupAttributes: describeTargetGroupAttributes(fleet),
  DescribeTargetGroups: describeTargetGroups(fleet),
  DescribeTargetHealth: describeTargetHealth(fleet),
  ModifyListener: modifyListener(fleet),
  ModifyRule: modifyRule(fleet),
  ModifyTargetGroupAttributes: modifyTargetGroupAttributes(fleet),
  RegisterTargets: registerTargets(fleet),
});
