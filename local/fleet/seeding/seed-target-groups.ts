import type { LoadBalancer } from '@aws-sdk/client-ecs';
import type { Rule, TargetGroup } from '../elbv2/balancer.ts';
import { DEREGISTRATION_DELAY, mainListener } from '../elbv2/balancer.ts';
import { addTargetGroup } from '../elbv2/create-target-group.ts';
import { addRule } from '../elbv2/rules.ts';
import type { ServiceSeed } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import { joinRule, rulesOfColours } from './seed-colours.ts';
import { seedOwnListener, seedTestListener } from './seed-listeners.ts';

/** The port of the container that the load balancer talks to, unless the seed says otherwise. */
export const DEFAULT_PORT = 8080;
/** Longer than the slowest node's lag, so that no node sends to a task that is told to stop. */
const DRAIN_SECONDS = 30;
/** As long as AWS allows: what is to stay DRAINING drains for an hour. */
const LONGEST_DRAIN_SECONDS = 3600;
const LONGEST_GROUP_NAME = 32;

/** Where one part of a service's traffic goes. */
interface Door {
  container: string | undefined;
  port: number;
  path: string;
}

/** A door with what was made for it. */
export interface SeededDoor extends Door {
  group: TargetGroup;
  rule: Rule;
}

export const pathOf = ({ path, service }: ServiceSeed): string => path ?? `/${service}`;

const doorsOf = (seed: ServiceSeed): Door[] => {
  if ((seed.loadBalancer ?? 'target group') !== 'target group') return [];
  const container = seed.containers[0]?.name;
  const first = { container, port: seed.containerPort ?? DEFAULT_PORT, path: pathOf(seed) };
  return [first, ...(seed.moreTargetGroups ?? []).map((more) => ({ container, ...more }))];
};

/** Makes a target group and a rule for each part of the service's traffic; colours share the first rule. */
export const seedDoors = (fleet: Fleet, seed: ServiceSeed): SeededDoor[] => {
  const doors = doorsOf(seed);
  const shared = seed.colourOf === undefined ? [] : rulesOfColours(fleet, seed);
  const ownRules = shared.length > 0 || seed.ownListener === true ? doors.slice(1) : doors;
  for (const { path } of ownRules) checkPathIsFree(fleet, path);
  if (new Set(doors.map(({ path }) => path)).size < doors.length)
    throw new Error('Each path leads to one target group');
  return doors.map((door, index) => {
    const group = seedTargetGroup(fleet, seed, door.port);
    if (index > 0) return { ...door, group, rule: seedRule(fleet, { ...door, group }, 1) };
    return { ...door, group, rule: firstRule(fleet, seed, { ...door, group, shared }) };
  });
};

/** A rule of its own, or that of the service whose colour it is; and what else is to be around it. */
const firstRule = (
  fleet: Fleet,
  seed: ServiceSeed,
  { group, path, port, shared }: Omit<SeededDoor, 'rule'> & { shared: Rule[] },
): Rule => {
  const { weight = shared.length === 0 ? 1 : 0 } = seed;
  for (const rule of shared) joinRule(fleet, rule, { arn: group.arn, weight });
  const own = seed.ownListener === true ? seedOwnListener : seedRule;
  const rule = shared[0] ?? own(fleet, { group, path }, weight);
  if (seed.spareTargetGroup === true) {
    const { arn } = seedTargetGroup(fleet, { ...seed, service: `${seed.service}-spare` }, port);
    joinRule(fleet, rule, { arn, weight: 0 });
  }
  if (seed.testListener === true) seedTestListener(fleet, rule);
  return rule;
};

/** As the service itself names them. */
export const loadBalancersOf = (seed: ServiceSeed, doors: SeededDoor[]): LoadBalancer[] => {
  if (seed.loadBalancer !== 'classic') {
    return doors.map(({ group, container, port }) => ({
      targetGroupArn: group.arn,
      containerName: container,
      containerPort: port,
    }));
  }
  const containerPort = seed.containerPort ?? DEFAULT_PORT;
  return [{ loadBalancerName: `${seed.service}-classic`, containerName: seed.containers[0]?.name, containerPort }];
};

const seedTargetGroup = (fleet: Fleet, seed: ServiceSeed, port: number): TargetGroup => {
  const taken = new Set([...fleet.balancer.targetGroups.values()].map(({ name }) => name));
  const base = seed.service.replace(/[^A-Za-z0-9-]/g, '-').slice(0, LONGEST_GROUP_NAME - 6);
  const group = addTargetGroup(fleet, {
    Name: taken.has(base) ? `${base}-${fleet.names.hex(5)}` : base,
    Protocol: 'HTTP',
    Port: port,
    TargetType: 'ip',
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
  });
  const drain = seed.deregistrationDelay ?? (seed.status === 'DRAINING' ? LONGEST_DRAIN_SECONDS : DRAIN_SECONDS);
  group.attributes.set(DEREGISTRATION_DELAY, String(drain));
  return group;
};

const patternsOf = (path: string): string[] => (path === '/' ? ['/*'] : [path, `${path}/*`]);

const checkPathIsFree = ({ balancer }: Fleet, path: string): void => {
  const [pattern] = patternsOf(path);
  const taken = [...mainListener(balancer).rules.values()].find(({ conditions }) =>
    conditions.some(({ Values }) => Values?.[0] === pattern),
  );
  if (taken !== undefined) throw new Error(`The path ${path} goes to another service already, by ${taken.arn}`);
};

const seedRule = (
  fleet: Fleet,
  { group: { arn }, path }: { group: TargetGroup; path: string },
  weight: number,
): Rule => {
  const { arn: ListenerArn, rules } = mainListener(fleet.balancer);
  return addRule(fleet, {
    ListenerArn,
    // The default rule is one of them, so the first one gets 10.
    Priority: rules.size * 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: patternsOf(path) } }],
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn, Weight: weight }] } }],
  });
};
