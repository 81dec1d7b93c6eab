import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Listener, Rule, TargetGroup } from './balancer.ts';
import { allRules } from './balancer.ts';

export const findTargetGroup = ({ balancer }: Fleet, arn = ''): TargetGroup => {
  const group = balancer.targetGroups.get(arn);
  if (group === undefined) throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
  return group;
};

export const findRule = ({ balancer }: Fleet, arn = ''): Rule => {
  const rule = allRules(balancer).find((other) => other.arn === arn);
  if (rule === undefined) throw new AwsError('RuleNotFound', `One or more rules not found: '${arn}'`);
  return rule;
};

export const findListener = ({ balancer }: Fleet, arn = ''): Listener => {
  const listener = balancer.listeners.get(arn);
  if (listener === undefined) throw new AwsError('ListenerNotFound', `One or more listeners not found: '${arn}'`);
  return listener;
};

export const checkLoadBalancer = ({ balancer }: Fleet, arn: string): void => {
  if (arn === balancer.arn) return;
  throw new AwsError('LoadBalancerNotFound', `Load balancers '[${arn}]' not found`);
};
