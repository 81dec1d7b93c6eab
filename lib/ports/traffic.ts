import type { TrafficPoint } from '../domain/blue-green.ts';
import type { Action, Routing, TargetGroup, TargetHealth } from '../domain/traffic.ts';

/** The load balancer. Every method may raise DeployFailure AwsUnavailable or AwsRefused. */
export interface Traffic {
  /** What the point does with a request now; undefined when there is no such rule or listener. */
  actions: (point: TrafficPoint) => Promise<readonly Action[] | undefined>;
  /** Replaces the whole list of actions; answers it as the load balancer then has it. */
  replace: (point: TrafficPoint, actions: readonly Action[]) => Promise<readonly Action[]>;
  /** Those of these target groups that exist. */
  groups: (arns: readonly string[]) => Promise<TargetGroup[]>;
  /** Every rule and every default action of these load balancers' listeners. */
  routings: (loadBalancers: readonly string[]) => Promise<Routing[]>;
  /** Every target registered in the group, the draining ones too. */
  targets: (targetGroup: string) => Promise<TargetHealth[]>;
}
