import type { Deployment, Service, ServiceCurrentRevisionSummary, Task as TaskShape } from '@aws-sdk/client-ecs';
import type { Fleet } from '../world/fleet.ts';
import type { Rollout, ServiceRecord, ServiceRevisionRecord, Task } from '../world/records.ts';
import { unstoppedTasks } from '../world/task-health.ts';

export interface Counts {
  runningCount: number;
  pendingCount: number;
}

/** Running and pending as ECS counts them: a task that is draining or stopping is neither. */
export const countsOf = (tasks: Task[]): Counts => ({
  runningCount: tasks.filter(({ status }) => status === 'RUNNING').length,
  pendingCount: tasks.filter(({ status }) => status === 'PROVISIONING' || status === 'PENDING').length,
});

/** What only Fargate tasks have. */
export const fargate = (service: ServiceRecord): Pick<TaskShape, 'platformVersion' | 'platformFamily'> =>
  service.settings.launchType === 'FARGATE'
    ? { platformVersion: service.revisionSettings.platformVersion ?? '1.4.0', platformFamily: 'Linux' }
    : {};

export const describedService = (fleet: Fleet, service: ServiceRecord): Service => {
  const { settings, revisionSettings } = service;
  const tasks = unstoppedTasks(fleet, service);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desired,
    ...countsOf(tasks),
    taskDefinition: (service.rollouts[0]?.revision ?? service.revisions[0])?.taskDefinition.arn,
    deploymentConfiguration: service.deploymentConfiguration,
    deployments: service.rollouts.map((rollout) => describedDeployment(service, rollout, tasks)),
    events: service.events,
    createdAt: service.createdAt,
    createdBy: `arn:${fleet.partition}:iam::${fleet.account}:root`,
    currentServiceDeployment: service.deployments[0]?.arn,
    currentServiceRevisions: currentRevisions(service, tasks),
    ...settings,
    ...fargate(service),
    loadBalancers: revisionSettings.loadBalancers ?? [],
    serviceRegistries: revisionSettings.serviceRegistries ?? [],
    networkConfiguration: revisionSettings.networkConfiguration,
    placementConstraints: settings.placementConstraints ?? [],
    placementStrategy: settings.placementStrategy ?? [],
    roleArn: settings.role,
    enableECSManagedTags: settings.enableECSManagedTags ?? false,
    enableExecuteCommand: settings.enableExecuteCommand ?? false,
    propagateTags: settings.propagateTags ?? 'NONE',
    schedulingStrategy: settings.schedulingStrategy ?? 'REPLICA',
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing ?? 'ENABLED',
    resourceManagementType: 'CUSTOMER',
  };
};

const describedDeployment = (service: ServiceRecord, rollout: Rollout, all: Task[]): Deployment => {
  const tasks = all.filter((task) => task.rollout === rollout);
  const isPrimary = rollout === service.rollouts[0];
  const { settings } = rollout.revision;
  return {
    id: rollout.id,
    status: isPrimary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: rollout.revision.taskDefinition.arn,
    desiredCount: isPrimary ? service.desired : tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length,
    ...countsOf(tasks),
    failedTasks: rollout.failedTasks,
    createdAt: rollout.createdAt,
    updatedAt: rollout.updatedAt,
    launchType: service.settings.launchType,
    capacityProviderStrategy: service.settings.capacityProviderStrategy,
    ...fargate(service),
    networkConfiguration: settings.networkConfiguration,
    serviceConnectConfiguration: settings.serviceConnectConfiguration,
    volumeConfigurations: settings.volumeConfigurations,
    vpcLatticeConfigurations: settings.vpcLatticeConfigurations,
    ...(tellsRollout(service) ? { rolloutState: rollout.state, rolloutStateReason: rollout.reason } : {}),
  };
};

/** Only for the rolling update, and not behind a Classic Load Balancer (ECS API, Deployment.rolloutState). */
const tellsRollout = ({ settings, revisionSettings }: ServiceRecord): boolean =>
  (settings.deploymentController?.type ?? 'ECS') === 'ECS' &&
  !(revisionSettings.loadBalancers ?? []).some(({ loadBalancerName }) => loadBalancerName !== undefined);

/** How many tasks of the revision there are, and how many are wanted. */
export const revisionSummary = (
  service: ServiceRecord,
  revision: ServiceRevisionRecord,
  all: Task[],
): ServiceCurrentRevisionSummary => {
  const tasks = all.filter((task) => task.rollout.revision === revision);
  const { runningCount, pendingCount } = countsOf(tasks);
  const isTarget = service.rollouts[0]?.revision === revision;
  const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length;
  return {
    arn: revision.arn,
    requestedTaskCount: isTarget ? service.desired : wanted,
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  };
};

const currentRevisions = (service: ServiceRecord, tasks: Task[]): ServiceCurrentRevisionSummary[] =>
  [...new Set(service.rollouts.map(({ revision }) => revision))].map((revision) =>
    revisionSummary(service, revision, tasks),
  );
