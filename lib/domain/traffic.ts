import type { TrafficPoint } from './blue-green.ts';

/** One action of a listener rule as AWS writes it. Only what it forwards to is read; all else passes through unread. */
export type Action = Readonly<Record<string, unknown>>;

/** Weights (0–999) by target group ARN. */
export type Weights = Readonly<Record<string, number>>;

/** A rule, or a listener's default action, and what it does. */
export interface Routing {
  point: TrafficPoint;
  actions: readonly Action[];
}

export interface TargetGroup {
  arn: string;
  protocol: string;
  port: number;
  targetType: string;
  vpc: string;
  /** ARNs of the load balancers that forward to it */
  loadBalancers: readonly string[];
}

/** One target in its group. `id` is an address where the group's target type is `ip`. */
export interface TargetHealth {
  id: string;
  /** healthy, unhealthy, initial, draining, unused, … */
  state: string;
}
