import type { Action, RuleCondition, TargetHealthReasonEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Random } from '../world/random.ts';
import type { Place } from '../world/arns.ts';
import { elbArn } from '../world/arns.ts';

export interface Target {
  /** a task's address */
  readonly id: string;
  readonly port: number;
  readonly availabilityZone: string;
  state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';
  reason: TargetHealthReasonEnum | undefined;
  description: string | undefined;
  /** what a health check would find just now */
  passing: boolean;
  /** when the first health check is due; the others follow at the group's interval */
  firstCheckAt: number;
  /** cancels the change of state that is due next */
  cancel: () => void;
  /** called after each change of state */
  readonly changed: () => void;
  /** called when it has left the group */
  readonly onGone: (() => void)[];
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetType: string;
  readonly vpcId: string;
  readonly healthCheck: {
    readonly path: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly matcher: string;
  };
  readonly attributes: Map<string, string>;
  readonly targets: Map<string, Target>;
}

export interface Rule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number | 'default';
  conditions: RuleCondition[];
  actions: Action[];
}

export interface Listener {
  readonly arn: string;
  readonly port: number;
  /** by ARN */
  readonly rules: Map<string, Rule>;
  /** where users meet it */
  url: string;
}

/** One Application Load Balancer with its listeners, and the account's target groups. */
export interface Balancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly vpcId: string;
  readonly createdAt: Date;
  /** by ARN, the one that was there from the start first */
  readonly listeners: Map<string, Listener>;
  /** by ARN */
  readonly targetGroups: Map<string, TargetGroup>;
}

const NAME = 'rehearsal';
const PORT = 80;

/** The load balancer as it stands before anything is behind it: every request is answered 404. */
export const emptyBalancer = (place: Place, { names, at }: { names: Random; at: Date }): Balancer => {
  const path = `app/${NAME}/${names.hex(16)}`;
  const balancer = { arn: elbArn(place, `loadbalancer/${path}`), name: NAME };
  const listener = newListener(place, balancer, { port: PORT, names });
  const dnsName = `${NAME}-${names.digits(10)}.${place.region}.elb.amazonaws.com`;
  listener.url = `http://${dnsName}`;
  return {
    ...balancer,
    dnsName,
    vpcId: `vpc-${names.hex(17)}`,
    createdAt: at,
    listeners: new Map([[listener.arn, listener]]),
    targetGroups: new Map(),
  };
};

const NOT_FOUND: Action[] = [
  { Type: 'fixed-response', Order: 1, FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' } },
];

/** A listener that has its default rule only, which answers 404. */
export const newListener = (
  place: Place,
  balancer: Pick<Balancer, 'arn'>,
  { port, names }: { port: number; names: Random },
): Listener => {
  const path = `${balancer.arn.split(':loadbalancer/')[1] ?? ''}/${names.hex(16)}`;
  const listenerArn = elbArn(place, `listener/${path}`);
  const arn = elbArn(place, `listener-rule/${path}/${names.hex(16)}`);
  const fallback: Rule = { arn, listenerArn, priority: 'default', conditions: [], actions: NOT_FOUND };
  return { arn: listenerArn, port, rules: new Map([[arn, fallback]]), url: '' };
};

/** The listener that was there from the start. */
export const mainListener = ({ listeners }: Balancer): Listener => {
  const [first] = listeners.values();
  if (first === undefined) throw new Error('The load balancer has no listener');
  return first;
};

export const defaultRuleOf = ({ arn, rules }: Listener): Rule => {
  const found = [...rules.values()].find(({ priority }) => priority === 'default');
  if (found === undefined) throw new Error(`The listener ${arn} has no default rule`);
  return found;
};

/** Every rule of every listener, the default ones included. */
export const allRules = ({ listeners }: Balancer): Rule[] =>
  [...listeners.values()].flatMap(({ rules }) => [...rules.values()]);

/** The target groups that an action forwards to, with their weights; a weight that is not given is 1. */
export const forwardsOf = (actions: Action[]): { arn: string; weight: number }[] =>
  actions.flatMap(({ TargetGroupArn, ForwardConfig }) =>
    ForwardConfig?.TargetGroups === undefined
      ? TargetGroupArn === undefined
        ? []
        : [{ arn: TargetGroupArn, weight: 1 }]
      : ForwardConfig.TargetGroups.map(({ TargetGroupArn: arn = '', Weight: weight = 1 }) => ({ arn, weight })),
  );

/** Whether some rule forwards to the group, at whatever weight. */
export const isInUse = (balancer: Balancer, groupArn: string): boolean =>
  allRules(balancer).some(({ actions }) => forwardsOf(actions).some(({ arn }) => arn === groupArn));

export const DEREGISTRATION_DELAY = 'deregistration_delay.timeout_seconds';
