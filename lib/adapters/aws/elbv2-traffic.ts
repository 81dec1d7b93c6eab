import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  paginateDescribeListeners,
  paginateDescribeRules,
  type Action as ElbAction,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type TargetGroup as ElbTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TrafficPoint } from '../../domain/blue-green.ts';
import { DeployFailure } from '../../domain/failure.ts';
import type { Action, Routing, TargetGroup } from '../../domain/traffic.ts';
import type { Traffic } from '../../ports/traffic.ts';
import { awsCall, awsCallIfThere } from './aws-call.ts';
import { writableActions } from './elbv2-actions.ts';
import { everyPage } from './every-page.ts';

const actionsOf = (actions: ElbAction[] | undefined): Action[] => (actions ?? []).map((action) => ({ ...action }));

const read = async (elb: ElasticLoadBalancingV2Client, { kind, arn }: TrafficPoint): Promise<Action[] | undefined> => {
  if (kind === 'rule') {
    const command = new DescribeRulesCommand({ RuleArns: [arn] });
    const answer = await awsCallIfThere('DescribeRules', () => elb.send(command), ['RuleNotFoundException']);
    const rule = answer?.Rules?.[0];
    return rule === undefined ? undefined : actionsOf(rule.Actions);
  }
  const command = new DescribeListenersCommand({ ListenerArns: [arn] });
  const answer = await awsCallIfThere('DescribeListeners', () => elb.send(command), ['ListenerNotFoundException']);
  const listener = answer?.Listeners?.[0];
  return listener === undefined ? undefined : actionsOf(listener.DefaultActions);
};

/** An answer that does not say what was written must not be taken for a list without actions. */
const answered = (actions: ElbAction[] | undefined): Action[] => {
  if (actions === undefined) throw new DeployFailure('AwsUnavailable', 'the load balancer answered no actions');
  return actionsOf(actions);
};

const write = async (
  elb: ElasticLoadBalancingV2Client,
  { kind, arn }: TrafficPoint,
  actions: readonly Action[],
): Promise<Action[]> => {
  const list = writableActions(actions);
  if (kind === 'rule') {
    const command = new ModifyRuleCommand({ RuleArn: arn, Actions: list });
    const { Rules } = await awsCall('ModifyRule', () => elb.send(command));
    return answered(Rules?.[0]?.Actions);
  }
  const command = new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: list });
  const { Listeners } = await awsCall('ModifyListener', () => elb.send(command));
  return answered(Listeners?.[0]?.DefaultActions);
};

const targetGroupOf = (group: ElbTargetGroup): TargetGroup => ({
  arn: group.TargetGroupArn ?? '',
  protocol: group.Protocol ?? '',
  port: group.Port ?? 0,
  targetType: group.TargetType ?? '',
  vpc: group.VpcId ?? '',
  loadBalancers: group.LoadBalancerArns ?? [],
});

/** A listener's default action is its default rule too: told once, as the listener's. */
const routingOf = (listener: string, { RuleArn = '', IsDefault, Actions }: Rule): Routing => ({
  point: IsDefault === true ? { kind: 'listener', arn: listener } : { kind: 'rule', arn: RuleArn },
  actions: actionsOf(Actions),
});

const routingsOn = async (client: ElasticLoadBalancingV2Client, loadBalancer: string): Promise<Routing[]> => {
  const listeners = paginateDescribeListeners({ client }, { LoadBalancerArn: loadBalancer });
  const routings: Routing[] = [];
  for await (const { Listeners = [] } of everyPage('DescribeListeners', listeners)) {
    for (const { ListenerArn = '' } of Listeners) {
      const rules = paginateDescribeRules({ client }, { ListenerArn });
      for await (const { Rules = [] } of everyPage('DescribeRules', rules))
        routings.push(...Rules.map((rule) => routingOf(ListenerArn, rule)));
    }
  }
  return routings;
};

/** Elastic Load Balancing v2: rules, default actions, target groups and their targets. */
export const elbv2Traffic = (elb: ElasticLoadBalancingV2Client): Traffic => ({
  actions: (point) => read(elb, point),
  replace: (point, actions) => write(elb, point, actions),
  groups: async (arns) => {
    // One by one: asked for together, one that is gone would hide the others.
    const answers = await Promise.all(
      arns.map((arn) => {
        const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
        return awsCallIfThere('DescribeTargetGroups', () => elb.send(command), ['TargetGroupNotFoundException']);
      }),
    );
    return answers.flatMap((answer) => (answer?.TargetGroups ?? []).map(targetGroupOf));
  },
  routings: async (loadBalancers) => (await Promise.all(loadBalancers.map((arn) => routingsOn(elb, arn)))).flat(),
  targets: async (TargetGroupArn) => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn });
    const { TargetHealthDescriptions = [] } = await awsCall('DescribeTargetHealth', () => elb.send(command));
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? '',
      state: TargetHealth?.State ?? '',
    }));
  },
});
