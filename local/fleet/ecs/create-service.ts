import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Cluster, ServiceRecord } from '../world/records.ts';
import { addRevision, startRollout } from '../world/rollouts.ts';
import { addService } from '../world/services.ts';
import { findCluster, runnableTaskDefinition } from './find.ts';
import { describedService } from './service-shape.ts';
import {
  DEFAULT_DEPLOYMENT_CONFIGURATION,
  checkLoadBalancers,
  checkStrategy,
  revisionSettingsIn,
  settingsIn,
} from './service-settings.ts';

/** A repeated call with the same clientToken answers with the service that the first one made. */
export const createService =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as CreateServiceRequest;
    const cluster = findCluster(fleet, request.cluster);
    const service = repeated(cluster, request) ?? create(fleet, cluster, request);
    return { service: describedService(fleet, service) };
  };

const repeated = (
  { services }: Cluster,
  { serviceName = '', clientToken }: CreateServiceRequest,
): ServiceRecord | undefined => {
  const known = services.get(serviceName);
  if (known === undefined || known.status === 'INACTIVE') return undefined;
  if (known.status === 'DRAINING') {
    throw new AwsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
  }
  if (clientToken !== undefined && clientToken === known.clientToken) return known;
  throw new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');
};

const create = (fleet: Fleet, cluster: Cluster, request: CreateServiceRequest): ServiceRecord => {
  const taskDefinition = runnableTaskDefinition(fleet, request.taskDefinition);
  const revisionSettings = revisionSettingsIn(request);
  checkStrategy(request.deploymentConfiguration ?? {});
  checkLoadBalancers(fleet, revisionSettings);
  if (request.launchType !== undefined && request.capacityProviderStrategy !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  const service = addService(fleet, {
    name: request.serviceName ?? '',
    cluster,
    desired: request.desiredCount ?? 0,
    settings: { deploymentController: { type: 'ECS' }, ...defaultLaunchType(request), ...settingsIn(request) },
    revisionSettings,
    deploymentConfiguration: { ...DEFAULT_DEPLOYMENT_CONFIGURATION, ...request.deploymentConfiguration },
    clientToken: request.clientToken,
    tags: request.tags,
  });
  startRollout(fleet, service, addRevision(fleet, service, taskDefinition));
  return service;
};

/** Without a launch type and without a capacity provider strategy a service runs on EC2 (ECS API, CreateService). */
const defaultLaunchType = ({ capacityProviderStrategy }: CreateServiceRequest): { launchType?: 'EC2' } =>
  capacityProviderStrategy === undefined ? { launchType: 'EC2' } : {};
