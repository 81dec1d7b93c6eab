import type { TrafficPoint } from '../../lib/domain/blue-green.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import type { Action, Routing, TargetGroup, TargetHealth } from '../../lib/domain/traffic.ts';
import type { Traffic } from '../../lib/ports/traffic.ts';
import { blueGroup, forward, greenGroup, productionRule, targetGroup } from './samples.ts';

/** A load balancer as a test scripts it: nothing becomes healthy by itself. */
export interface MemoryTraffic extends Traffic {
  /** rules and listeners by ARN */
  points: Map<string, Routing>;
  /** by ARN */
  existing: Map<string, TargetGroup>;
  /** what is registered in each group */
  registered: Map<string, TargetHealth[]>;
  /** each write, in order: `production: blue 90, green 10`, by the last words of the ARNs */
  writes: string[];
  /** Puts a rule or listener there, as ops would. */
  put(arn: string, actions: readonly Action[], kind?: TrafficPoint['kind']): void;
  /** Puts so many targets in this state into a group, addressed from `address` on: `10.0.0.1` is followed by `10.0.0.2`. */
  register(group: string, count: number, more?: { state?: string; address?: string }): void;
}

const lastWord = (arn: string): string => arn.split('/').at(-1) ?? arn;
const groupName = (arn: string): string => arn.split('/').at(-2) ?? arn;

const shares = (actions: readonly Action[]): string =>
  actions
    .flatMap(
      ({ ForwardConfig }) =>
        (ForwardConfig as { TargetGroups?: Record<string, unknown>[] } | undefined)?.TargetGroups ?? [],
    )
    .map(({ TargetGroupArn, Weight }) => `${groupName(String(TargetGroupArn))} ${String(Weight)}`)
    .join(', ');

/** `loadbalancer/app/<name>/<id>` is in the ARNs of its listeners and rules. */
const belongs = (arn: string, loadBalancer: string): boolean =>
  arn.includes(`/${loadBalancer.split(':loadbalancer/')[1] ?? ''}/`);

/** One rule that forwards all to blue and nothing to green, unless the test puts others in; nothing is registered. */
export const memoryTraffic = (writes: string[] = []): MemoryTraffic => {
  const points: MemoryTraffic['points'] = new Map();
  const existing = new Map([blueGroup, greenGroup].map((arn) => [arn, targetGroup(arn)]));
  const registered: MemoryTraffic['registered'] = new Map();
  const put: MemoryTraffic['put'] = (arn, actions, kind = 'rule') => {
    points.set(arn, { point: { kind, arn }, actions: structuredClone(actions) });
  };
  put(productionRule, [forward({ [blueGroup]: 100, [greenGroup]: 0 })]);

  return {
    points,
    existing,
    registered,
    writes,
    put,
    register: (group, count, { state = 'healthy', address = '10.0.0.1' } = {}) => {
      const [, net = '', first = ''] = /^(.*\.)(\d+)$/.exec(address) ?? [];
      const added = Array.from({ length: count }, (_, index) => ({ id: `${net}${Number(first) + index}`, state }));
      registered.set(group, [...(registered.get(group) ?? []), ...added]);
    },
    actions: async ({ arn }) => Promise.resolve(structuredClone(points.get(arn)?.actions)),
    replace: async (point, actions) => {
      await Promise.resolve();
      if (!points.has(point.arn)) throw new DeployFailure('AwsRefused', 'ModifyRule: RuleNotFoundException');
      put(point.arn, actions, point.kind);
      writes.push(`${lastWord(point.arn)}: ${shares(actions)}`);
      return structuredClone(actions);
    },
    groups: async (arns) => Promise.resolve(arns.flatMap((arn) => structuredClone(existing.get(arn)) ?? [])),
    routings: async (loadBalancers) => {
      const mine = [...points].filter(([arn]) => loadBalancers.some((one) => belongs(arn, one)));
      return Promise.resolve(structuredClone(mine.map(([, routing]) => routing)));
    },
    targets: async (group) => Promise.resolve(structuredClone(registered.get(group) ?? [])),
  };
};
