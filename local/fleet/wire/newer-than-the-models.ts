import type { ServiceName } from '../operation.ts';

/**
 * Members that the AWS SDK bundled here already knows and botocore's models do not yet (the two differ by weeks), by
 * service and structure. They pass unchecked; every other unknown member is refused. A test compares this list with both.
 */
export const newerThanTheModels: Record<ServiceName, Record<string, readonly string[]>> = {
  ecs: {
    CreateServiceRequest: ['gatewayConnectors'],
    UpdateServiceRequest: ['gatewayConnectors'],
    ResourceRequirement: ['sharingStrategy'],
    ServiceConnectConfiguration: ['containerConfigurations'],
  },
  ecr: {},
  elbv2: {},
  'application-autoscaling': {},
};

export const isNewerThanTheModel = (service: ServiceName, structure: string, member: string): boolean =>
  newerThanTheModels[service][structure]?.includes(member) ?? false;
