import type { Colour } from './blue-green.ts';
import { DeployFailure } from './failure.ts';
import type { Division } from './production-traffic.ts';
import type { ServiceState } from './rollout.ts';
import type { TargetGroup } from './traffic.ts';

/** A service by its name in the target's cluster, as ECS shows it; undefined when it knows none. */
export interface NamedService {
  service: string;
  state: ServiceState | undefined;
}

/** Both colours with their services' states; idle's may be missing. */
export interface Colours {
  live: Colour & { state: ServiceState };
  idle: Colour & { state?: ServiceState };
}

const mismatch = (because: string): DeployFailure => new DeployFailure('ColoursMismatch', because);

const sorted = (values: readonly string[]): string => [...values].sort().join(', ');

const compared: readonly [what: string, of: (group: TargetGroup) => string][] = [
  ['protocol', ({ protocol }) => protocol],
  ['port', ({ port }) => String(port)],
  ['target type', ({ targetType }) => targetType],
  ['VPC', ({ vpc }) => vpc],
  ['load balancers', ({ loadBalancers }) => sorted(loadBalancers)],
];

/**
 * The load balancers, ARNs, of two groups that can stand for each other. They must be of type `ip`: only by their addresses
 * can the targets of one rollout be told from those of another. Raises ColoursMismatch.
 */
export const sharedLoadBalancers = (
  [first, second]: readonly [string, string],
  groups: readonly TargetGroup[],
): readonly string[] => {
  const present = (arn: string): TargetGroup => {
    const group = groups.find((one) => one.arn === arn);
    if (group === undefined) throw mismatch(`target group ${arn} is not there`);
    return group;
  };
  const [one, two] = [present(first), present(second)];
  for (const [what, of] of compared)
    if (of(one) !== of(two)) throw mismatch(`${what}: ${of(one)} of ${first}, but ${of(two)} of ${second}`);
  if (one.targetType !== 'ip') throw mismatch(`target type: ${one.targetType} of both, must be ip`);
  return one.loadBalancers;
};

const ambiguous = (because: string): DeployFailure => new DeployFailure('AmbiguousTraffic', because);

type Present = NamedService & { state: ServiceState };

// ECS shows a deleted service for a while; its name is free again.
const isPresent = (one: NamedService): one is Present => one.state !== undefined && one.state.status !== 'INACTIVE';

const bound = ({ service, state }: Present, { live, idle }: Division): Colours['live'] => {
  const [targetGroup, ...others] = state.targetGroups;
  if (targetGroup === undefined) throw ambiguous(`service ${service} is bound to no target group`);
  if (others.length > 0) throw ambiguous(`service ${service} is bound to several target groups`);
  if (targetGroup !== live && targetGroup !== idle)
    throw ambiguous(`service ${service} is bound to ${targetGroup}, which is none of strategy.target_groups`);
  return { service, targetGroup, state };
};

/**
 * Which service is live and which idle: by the target group that each one's own load balancer settings name, never by
 * their names. A service that is not there takes the free group. Raises AmbiguousTraffic, ServiceMissing.
 */
export const coloursOf = (division: Division, services: readonly [NamedService, NamedService]): Colours => {
  const [one, two] = services.filter(isPresent).map((service) => bound(service, division));
  if (one === undefined)
    throw new DeployFailure(
      'ServiceMissing',
      `ECS knows neither ${services.map(({ service }) => service).join(' nor ')}`,
    );
  if (one.targetGroup === two?.targetGroup)
    throw ambiguous(`services ${one.service} and ${two.service} are both bound to ${one.targetGroup}`);
  const live = [one, two].find((colour) => colour?.targetGroup === division.live);
  if (live === undefined)
    throw ambiguous(`traffic goes to ${division.live}, but service ${one.service} is bound to the other target group`);
  const idle = one === live ? two : one;
  const missing = services.find(({ service }) => service !== live.service)?.service ?? '';
  return { live, idle: idle ?? { service: missing, targetGroup: division.idle } };
};
