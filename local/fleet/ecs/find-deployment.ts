import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord } from '../world/records.ts';

/** Refused where the region has no service deployments. */
export const checkSupported = (service: ServiceRecord | undefined): void => {
  if (service?.serviceDeployments !== 'unsupported') return;
  throw new AwsError('UnsupportedFeatureException', 'This operation is not supported in this Region.');
};

const services = ({ clusters }: Fleet): ServiceRecord[] =>
  [...clusters.values()].flatMap((cluster) => [...cluster.services.values()]);

/** The service whose deployment or revision has this ARN: `…:service-deployment/CLUSTER/SERVICE/ID`. */
export const serviceOfPart = (fleet: Fleet, arn: string): ServiceRecord | undefined => {
  const [, cluster, name] = arn.split(':').slice(5).join(':').split('/');
  return services(fleet).find((service) => service.cluster.name === cluster && service.name === name);
};

export const deploymentNamed = (fleet: Fleet, arn: string): ServiceDeploymentRecord | undefined =>
  serviceOfPart(fleet, arn)?.deployments.find((deployment) => deployment.arn === arn);

export const revisionNamed = (fleet: Fleet, arn: string): ServiceRevisionRecord | undefined =>
  serviceOfPart(fleet, arn)?.revisions.find((revision) => revision.arn === arn);
