import { isDeepStrictEqual } from 'node:util';
import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { RevisionSettings, ServiceRecord, TaskDefinitionRecord } from '../world/records.ts';
import { addRevision, startRollout } from '../world/rollouts.ts';
import { checkController } from './deployment-controller.ts';
import { findService, runnableTaskDefinition } from './find.ts';
import { describedService } from './service-shape.ts';
import {
  checkDesiredCount,
  checkEarlySuccess,
  checkLoadBalancers,
  checkStrategy,
  revisionSettingsIn,
  settingsIn,
} from './service-settings.ts';

export const updateService =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as UpdateServiceRequest;
    const service = findService(fleet, request);
    if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
    checkController(service, request);
    checkDesiredCount(service.settings, request);
    checkEarlySuccess({ ...service.deploymentConfiguration, ...request.deploymentConfiguration });
    const change = changeIn(fleet, service, request);
    settle(service, request);
    if (change !== undefined) {
      service.revisionSettings = change.settings;
      startRollout(fleet, service, addRevision(fleet, service, change.taskDefinition));
    }
    fleet.wake(service);
    return { service: describedService(fleet, service) };
  };

interface Change {
  taskDefinition: TaskDefinitionRecord;
  settings: RevisionSettings;
}

/** What a new deployment would be of; undefined when nothing that starts one is asked for or differs. */
const changeIn = (fleet: Fleet, service: ServiceRecord, request: UpdateServiceRequest): Change | undefined => {
  const current = service.rollouts[0]?.revision.taskDefinition;
  const taskDefinition =
    request.taskDefinition === undefined ? current : runnableTaskDefinition(fleet, request.taskDefinition);
  const given = revisionSettingsIn(request);
  const settings = { ...service.revisionSettings, ...given };
  checkStrategy(request.deploymentConfiguration ?? {});
  checkLoadBalancers(fleet, given);
  const differs = taskDefinition !== current || !isDeepStrictEqual(settings, service.revisionSettings);
  if (taskDefinition === undefined || !(differs || request.forceNewDeployment === true)) return undefined;
  checkStrategy(service.deploymentConfiguration);
  return { taskDefinition, settings };
};

/** Takes over what starts no deployment. A launch type and a capacity provider strategy exclude each other. */
const settle = (service: ServiceRecord, request: UpdateServiceRequest): void => {
  const { launchType, ...others } = service.settings;
  const kept = request.capacityProviderStrategy === undefined ? { ...others, launchType } : others;
  service.settings = { ...kept, ...settingsIn(request) };
  service.deploymentConfiguration = { ...service.deploymentConfiguration, ...request.deploymentConfiguration };
  service.desired = request.desiredCount ?? service.desired;
};
