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
}

/** One Application Load Balancer with one listener, and the account's target groups. */
export interface Balancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly vpcId: string;
  readonly createdAt: Date;
  readonly listener: Listener;
  /** by ARN */
  readonly targetGroups: Map<string, TargetGroup>;
}

const NAME = 'rehearsal';

/** The load balancer as it stands before anything is behind it: every request is answered 404. */
export const emptyBalancer = (place: Place, { names, at }: { names: Random; at: Date }): Balancer => {
  const path = `app/${NAME}/${names.hex(16)}`;
  const listenerPath = `${path}/${names.hex(16)}`;
  const listenerArn = elbArn(place, `listener/${listenerPath}`);
  const fallback: Rule = {
    arn: elbArn(place, `listener-rule/${listenerPath}/${names.hex(16)}`),
    listenerArn,
    priority: 'default',
    conditions: [],
    actions: [
      { Type: 'fixed-response', Order: 1, FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' } },
    ],
  };
  return {
    arn: elbArn(place, `loadbalancer/${path}`),
    name: NAME,
    dnsName: `${NAME}-${names.digits(10)}.${place.region}.elb.amazonaws.com`,
    vpcId: `vpc-${names.hex(17)}`,
    createdAt: at,
    listener: { arn: listenerArn, port: 80, rules: new Map([[fallback.arn, fallback]]) },
    targetGroups: new Map(),
  };
};

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
export const isInUse = ({ listener }: Balancer, groupArn: string): boolean =>
  [...listener.rules.values()].some(({ actions }) => forwardsOf(actions).some(({ arn }) => arn === groupArn));

export const DEREGISTRATION_DELAY = 'deregistration_delay.timeout_seconds';
