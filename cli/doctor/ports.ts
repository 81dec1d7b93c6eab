import type { Revision } from '../../lib/domain/revision.ts';
import { when, wrong, type Finding, type Place } from './finding.ts';

/** By which container's port a service is in a target group. */
export interface BoundPort {
  targetGroup: string;
  container: string;
  port: number;
}

/** A target group as the load balancer has it. */
export interface SeenGroup {
  arn: string;
  targetType: string;
  /** `traffic-port`, or a port of its own */
  healthCheckPort: string;
}

interface PortsSight {
  /** the service's */
  label: string;
  revision: Revision | undefined;
  ports: readonly BoundPort[];
  groups: readonly SeenGroup[];
}

type Container = Readonly<Record<string, unknown>>;

const containersOf = ({ definition }: Revision): readonly Container[] =>
  (definition['containerDefinitions'] ?? []) as readonly Container[];

const portsOf = (container: Container): number[] =>
  ((container['portMappings'] ?? []) as readonly { containerPort?: number }[]).map(
    ({ containerPort = 0 }) => containerPort,
  );

const boundFindings = (sight: PortsSight, { targetGroup, container, port }: BoundPort, place: Place): Finding[] => {
  const { label, revision, groups } = sight;
  const group = groups.find(({ arn }) => arn === targetGroup);
  const list = `aws elbv2 describe-target-groups --region ${place.region}`;
  if (group === undefined)
    return [wrong(`service ${label} is in target group ${targetGroup}, which is not there`, list)];
  if (revision === undefined) return [];
  const open = containersOf(revision)
    .filter(({ name }) => name === container)
    .flatMap(portsOf);
  const register = 'register a revision that maps it, and deploy that: aws ecs register-task-definition';
  const checked = group.healthCheckPort === 'traffic-port' ? port : Number(group.healthCheckPort);
  const all = containersOf(revision).flatMap(portsOf);
  const awsvpc = revision.definition['networkMode'] === 'awsvpc';
  return [
    ...when(
      !open.includes(port),
      wrong(
        `service ${label} sends port ${port} of container ${container} to ${targetGroup}, and its revision does not map that port`,
        register,
      ),
    ),
    ...when(
      checked !== port && !all.includes(checked),
      wrong(
        `target group ${targetGroup} checks the health of port ${checked}, which no container of service ${label} maps`,
        `aws elbv2 modify-target-group --target-group-arn ${targetGroup} --health-check-port traffic-port --region ${place.region}`,
      ),
    ),
    ...when(
      awsvpc && group.targetType !== 'ip',
      wrong(
        `service ${label} has tasks with addresses of their own, and ${targetGroup} takes targets of type ${group.targetType}`,
        `make one of type ip: aws elbv2 create-target-group --target-type ip --region ${place.region}`,
      ),
    ),
  ];
};

/** Where the service, its revision and its target groups do not agree on a port. */
export const portFindings = (sight: PortsSight, place: Place): Finding[] =>
  sight.ports.flatMap((bound) => boundFindings(sight, bound, place));
