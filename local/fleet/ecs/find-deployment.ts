import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { ownerOfPart } from '../world/service-parts.ts';
import type { ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord } from '../world/records.ts';

/** How long a service deployment is remembered: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html */
const REMEMBERED = 90 * 24 * 3_600_000;

/** Refused where the region has no service deployments; of a service that is not there, as the region's services are. */
export const checkSupported = ({ defaults }: Fleet, service: ServiceRecord | undefined): void => {
  if ((service ?? defaults).serviceDeployments === 'supported') return;
  throw new AwsError('UnsupportedFeatureException', 'This operation is not supported in this Region.');
};

/** The service whose deployment or revision has this ARN. */
export const serviceOfPart = ({ clusters }: Fleet, arn: string): ServiceRecord | undefined => {
  const owner = ownerOfPart(arn);
  return owner && clusters.get(owner.cluster)?.services.get(owner.name);
};

/** The service's deployments, newest first; they go when it is deleted, and with age. */
export const rememberedDeployments = (
  { clock }: Fleet,
  { status, deployments }: ServiceRecord,
): ServiceDeploymentRecord[] =>
  status === 'INACTIVE' ? [] : deployments.filter(({ createdAt }) => clock.now() - createdAt.getTime() < REMEMBERED);

export const deploymentNamed = (fleet: Fleet, arn: string): ServiceDeploymentRecord | undefined => {
  const service = serviceOfPart(fleet, arn);
  return service && rememberedDeployments(fleet, service).find((deployment) => deployment.arn === arn);
};

/** A revision goes when its service is deleted. */
export const revisionNamed = (fleet: Fleet, arn: string): ServiceRevisionRecord | undefined => {
  const service = serviceOfPart(fleet, arn);
  return service?.status === 'INACTIVE' ? undefined : service?.revisions.find((revision) => revision.arn === arn);
};
