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

interface Weighed {
  TargetGroupArn?: string;
  Weight?: number;
}

interface Stickiness {
  Enabled?: boolean;
  DurationSeconds?: number;
}

const forwards = (actions: readonly Action[]): Action[] => actions.filter(({ Type }) => Type === 'forward');

const weighedBy = ({ ForwardConfig }: Action): readonly Weighed[] =>
  (ForwardConfig as { TargetGroups?: readonly Weighed[] } | undefined)?.TargetGroups ?? [];

/**
 * The target groups that a forward action names, once each, with their weights. A group without a weight has 1.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html
 */
const sharesOf = (action: Action): [group: string, weight: number][] => {
  const weighed = weighedBy(action).map(({ TargetGroupArn = '', Weight = 1 }): [string, number] => [
    TargetGroupArn,
    Weight,
  ]);
  const alone = action['TargetGroupArn'];
  return weighed.length === 0 && typeof alone === 'string' ? [[alone, 1]] : weighed;
};

/** The weights of these two groups in the one forward action; undefined when there is not one, or it forwards to anything else. */
export const weightsOf = (actions: readonly Action[], groups: readonly [string, string]): Weights | undefined => {
  const [action, ...others] = forwards(actions);
  if (action === undefined || others.length > 0) return undefined;
  const shares = sharesOf(action);
  const named = new Set(shares.map(([group]) => group));
  const exactly = shares.length === 2 && groups.every((group) => named.has(group));
  return exactly ? Object.fromEntries(shares) : undefined;
};

/** The same actions, with these weights for the groups they forward to; whatever else they say stays as it is. */
export const withWeights = (actions: readonly Action[], weights: Weights): Action[] => {
  const weigh = (one: Weighed): Weighed => {
    const weight = new Map(Object.entries(weights)).get(one.TargetGroupArn ?? '');
    return weight === undefined ? one : { ...one, Weight: weight };
  };
  return actions.map((action) => {
    const { ForwardConfig } = action;
    if (action['Type'] !== 'forward' || weighedBy(action).length === 0) return action;
    return { ...action, ForwardConfig: { ...(ForwardConfig as object), TargetGroups: weighedBy(action).map(weigh) } };
  });
};

/** How many of a group's targets are healthy. */
export const healthyAmong = (targets: readonly TargetHealth[]): number =>
  targets.filter(({ state }) => state === 'healthy').length;

export const sameWeights = (a: Weights, b: Weights): boolean => {
  const groups = Object.keys(a);
  return groups.length === Object.keys(b).length && groups.every((group) => a[group] === b[group]);
};

/** ARNs of all target groups that these actions forward to, with whatever weight. */
export const groupsOf = (actions: readonly Action[]): string[] =>
  forwards(actions).flatMap((action) => sharesOf(action).map(([group]) => group));

/** Seconds for which a user who once came to a target group is sent there again, whatever the weights are by then. */
export const stickyFor = (actions: readonly Action[]): number =>
  Math.max(
    0,
    ...forwards(actions).map(({ ForwardConfig }) => {
      const config = ForwardConfig as { TargetGroupStickinessConfig?: Stickiness } | undefined;
      const { Enabled = false, DurationSeconds = 0 } = config?.TargetGroupStickinessConfig ?? {};
      return Enabled ? DurationSeconds : 0;
    }),
  );
