import { AwsError } from '../operation.ts';
import { ecsArn, nameIn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Cluster, ServiceRecord, TaskDefinitionRecord } from '../world/records.ts';

const DEFAULT_CLUSTER = 'default';

export const clusterArn = (fleet: Fleet, cluster: string | undefined): string =>
  ecsArn(fleet, `cluster/${nameIn(cluster ?? DEFAULT_CLUSTER)}`);

export const findCluster = (fleet: Fleet, cluster: string | undefined): Cluster => {
  const found = fleet.clusters.get(nameIn(cluster ?? DEFAULT_CLUSTER));
  if (found === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return found;
};

/** The name in a service's name or ARN (old form `service/NAME` too). */
export const serviceName = (service = ''): string => nameIn(service).split('/').at(-1) ?? '';

export const findService = (
  fleet: Fleet,
  { cluster, service }: { cluster?: string | undefined; service: string | undefined },
): ServiceRecord => {
  const found = findCluster(fleet, cluster).services.get(serviceName(service));
  if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  return found;
};

export const isActive = ({ deregisteredAt }: TaskDefinitionRecord): boolean => deregisteredAt === undefined;

/** The revision that `family`, `family:revision` or an ARN means; a family alone means its latest ACTIVE one. */
export const taskDefinitionNamed = (fleet: Fleet, name: string): TaskDefinitionRecord | undefined => {
  const [family = '', revision] = nameIn(name).split(':');
  const known = fleet.families.get(family) ?? [];
  if (revision === undefined) return known.findLast(isActive);
  return known.find((record) => String(record.revision) === revision);
};

/** The revision for a service to run; refused when it is unknown or INACTIVE. */
export const runnableTaskDefinition = (fleet: Fleet, name: string | undefined): TaskDefinitionRecord => {
  if (name === undefined) throw new AwsError('InvalidParameterException', 'TaskDefinition can not be blank.');
  const found = taskDefinitionNamed(fleet, name);
  if (found === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (!isActive(found)) throw new AwsError('ClientException', 'TaskDefinition is inactive');
  return found;
};
