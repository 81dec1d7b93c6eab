import { isDeepStrictEqual } from 'node:util';
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
  checkDesiredCount,
  checkEarlySuccess,
  checkLoadBalancers,
  checkStrategy,
  revisionSettingsIn,
  settingsIn,
} from './service-settings.ts';

/** A call repeated word for word, with the same clientToken, answers with the service that the first one made. */
export const createService =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as CreateServiceRequest;
    const cluster = findCluster(fleet, request.cluster);
    const service = repeated(cluster, request) ?? create(fleet, cluster, request);
    return { service: describedService(fleet, service) };
  };

const repeated = ({ services }: Cluster, request: CreateServiceRequest): ServiceRecord | undefined => {
  const known = services.get(request.serviceName ?? '');
  if (known === undefined || known.status === 'INACTIVE') return undefined;
  if (known.status === 'DRAINING') {
    throw new AwsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
  }
  if (request.clientToken !== undefined && isDeepStrictEqual(request, known.asked)) return known;
  throw new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');
};

const create = (fleet: Fleet, cluster: Cluster, request: CreateServiceRequest): ServiceRecord => {
  const taskDefinition = runnableTaskDefinition(fleet, request.taskDefinition);
  check(fleet, request);
  const service = addService(fleet, {
    name: request.serviceName ?? '',
    cluster,
    desired: request.desiredCount ?? 0,
    settings: { deploymentController: { type: 'ECS' }, ...defaultLaunchType(request), ...settingsIn(request) },
    revisionSettings: revisionSettingsIn(request),
    deploymentConfiguration: { ...DEFAULT_DEPLOYMENT_CONFIGURATION, ...request.deploymentConfiguration },
    asked: request,
    tags: request.tags,
  });
  startRollout(fleet, service, addRevision(fleet, service, taskDefinition));
  return service;
};

const LONGEST_TOKEN = 36;

const check = (fleet: Fleet, request: CreateServiceRequest): void => {
  if ((request.clientToken?.length ?? 0) > LONGEST_TOKEN) {
    throw new AwsError('InvalidParameterException', `clientToken is longer than ${LONGEST_TOKEN}.`);
  }
  checkStrategy(request.deploymentConfiguration ?? {});
  checkEarlySuccess({ ...DEFAULT_DEPLOYMENT_CONFIGURATION, ...request.deploymentConfiguration });
  checkDesiredCount(settingsIn(request), request);
  checkLoadBalancers(fleet, revisionSettingsIn(request));
  if (request.launchType !== undefined && request.capacityProviderStrategy !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
};

/** Without a launch type and without a capacity provider strategy a service runs on EC2 (ECS API, CreateService). */
const defaultLaunchType = ({ capacityProviderStrategy }: CreateServiceRequest): { launchType?: 'EC2' } =>
  capacityProviderStrategy === undefined ? { launchType: 'EC2' } : {};
