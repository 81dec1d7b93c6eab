import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { forwardsOf, mainListener } from '../elbv2/balancer.ts';
import type { Listener, Target } from '../elbv2/balancer.ts';
import { byPriority } from '../elbv2/rules.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Random } from '../world/random.ts';
import { stickingTo, stuckTo } from './stickiness.ts';

/** What a node of the load balancer routes by: rules and targets as they were at one moment. */
export interface RoutingTable {
  readonly version: number;
  /** the listener of requests that name none */
  readonly mainListener: string;
  /** by listener ARN, in the order in which they are tried */
  readonly rules: ReadonlyMap<string, readonly RoutingRule[]>;
  /** by target group ARN */
  readonly targets: ReadonlyMap<string, readonly { readonly id: string; readonly state: Target['state'] }[]>;
}

export interface RoutingRule {
  readonly paths: readonly RegExp[];
  readonly actions: Action[];
}

/** What of a request decides where it goes. */
export interface Routed {
  path: string;
  /** ARN; the load balancer's first listener unless it is said */
  listener?: string | undefined;
  /** the request's Cookie header */
  cookie?: string | undefined;
  /** world time in milliseconds */
  now: number;
}

/** Where a request goes, or what the load balancer answers by itself. `cookie` is a Set-Cookie header. */
export type Route =
  (ChosenGroup & { kind: 'target'; targetId: string }) | { kind: 'answer'; status: number; body: string };

interface ChosenGroup {
  groupArn: string;
  cookie?: string;
}

export const routingTable = ({ balancer }: Fleet, version: number): RoutingTable => ({
  version,
  mainListener: mainListener(balancer).arn,
  rules: new Map([...balancer.listeners].map(([arn, listener]) => [arn, routingRules(listener)])),
  targets: new Map(
    [...balancer.targetGroups.values()].map((group) => [
      group.arn,
      [...group.targets.values()].map(({ id, state }) => ({ id, state })),
    ]),
  ),
});

const routingRules = ({ rules }: Listener): RoutingRule[] =>
  [...rules.values()].sort(byPriority).map(({ conditions, actions }) => ({
    paths: conditions.flatMap(({ Values = [] }) => Values.map(pathPattern)),
    actions,
  }));

/** A rule's path pattern: `*` for any characters, `?` for one, case sensitive. */
const pathPattern = (pattern: string): RegExp => {
  const plain = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${plain.replaceAll('*', '.*').replaceAll('?', '.')}$`);
};

/**
 * Decides as an ALB node does: the first rule whose path matches (the default one has none), a target group by weight
 * or by the cookie that sticks to it, then a healthy target; if none is healthy, any that is registered; if none is
 * registered, 503. Actions that authenticate let everybody pass.
 */
export const routeBy = (table: RoutingTable, request: Routed, chance: Random): Route => {
  const { path, listener = table.mainListener } = request;
  const rule = table.rules
    .get(listener)
    ?.find(({ paths }) => paths.length === 0 || paths.some((pattern) => pattern.test(path)));
  const actions = rule?.actions ?? [];
  const fixed = actions.find(({ Type }) => Type === 'fixed-response')?.FixedResponseConfig;
  if (fixed !== undefined) return { kind: 'answer', status: Number(fixed.StatusCode), body: fixed.MessageBody ?? '' };
  const group = chosenGroup(actions, request, chance);
  if (group === undefined) return UNAVAILABLE;
  const registered = (table.targets.get(group.groupArn) ?? []).filter(({ state }) => state !== 'draining');
  const healthy = registered.filter(({ state }) => state === 'healthy');
  const target = picked(healthy.length > 0 ? healthy : registered, chance);
  return target === undefined ? UNAVAILABLE : { kind: 'target', ...group, targetId: target.id };
};

const UNAVAILABLE: Route = { kind: 'answer', status: 503, body: 'Service Temporarily Unavailable' };

/** A client sticks to its group at whatever weight. One that sticks to none of them is given a cookie for the one it gets. */
const chosenGroup = (actions: Action[], { cookie = '', now }: Routed, chance: Random): ChosenGroup | undefined => {
  const groups = forwardsOf(actions);
  const sticky = actions.find(({ Type }) => Type === 'forward')?.ForwardConfig?.TargetGroupStickinessConfig;
  const stuck = sticky?.Enabled === true ? stuckTo(cookie, now) : undefined;
  if (stuck !== undefined && groups.some(({ arn }) => arn === stuck)) return { groupArn: stuck };
  const groupArn = weighted(groups, chance);
  if (groupArn === undefined) return undefined;
  return sticky?.Enabled === true ? { groupArn, cookie: stickingTo(groupArn, sticky, now) } : { groupArn };
};

const picked = <T>(all: T[], chance: Random): T | undefined => all[Math.floor(chance.between(0, all.length))];

const weighted = (groups: { arn: string; weight: number }[], chance: Random): string | undefined => {
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  let left = chance.between(0, total);
  return groups.find(({ weight }) => {
    left -= weight;
    return weight > 0 && left < 0;
  })?.arn;
};
