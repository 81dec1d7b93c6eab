import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, Rule, TargetGroup } from '../elbv2/balancer.ts';
import { defaultRuleOf } from '../elbv2/balancer.ts';
import { addListener } from '../elbv2/listeners.ts';
import { addRule } from '../elbv2/rules.ts';
import type { Fleet } from '../world/fleet.ts';

/** The ports of further listeners go up from here. */
const FIRST_PORT = 9000;

const NOT_FOUND: Action[] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }];

const listenerFor = (fleet: Fleet, DefaultActions: Action[]): Listener => {
  const { arn: LoadBalancerArn, listeners } = fleet.balancer;
  const Port = Math.max(FIRST_PORT - 1, ...[...listeners.values()].map(({ port }) => port)) + 1;
  return addListener(fleet, { LoadBalancerArn, Protocol: 'HTTP', Port, DefaultActions });
};

/** A listener all of whose traffic goes to the group. Its default rule, which ModifyListener changes. */
export const seedOwnListener = (fleet: Fleet, { group }: { group: TargetGroup }, weight: number): Rule => {
  const ForwardConfig = { TargetGroups: [{ TargetGroupArn: group.arn, Weight: weight }] };
  return defaultRuleOf(listenerFor(fleet, [{ Type: 'forward', ForwardConfig }]));
};

/** A listener with one rule that forwards as the given one does. */
export const seedTestListener = (fleet: Fleet, { conditions, actions }: Rule): Rule =>
  addRule(fleet, {
    ListenerArn: listenerFor(fleet, NOT_FOUND).arn,
    Priority: 10,
    Conditions: conditions.length > 0 ? conditions : [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: actions,
  });
