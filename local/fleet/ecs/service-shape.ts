import type { Deployment, Service, ServiceCurrentRevisionSummary } from '@aws-sdk/client-ecs';
import type { Fleet } from '../world/fleet.ts';
import type { Rollout, ServiceRecord, ServiceRevisionRecord, Task } from '../world/records.ts';
import { unstoppedTasks } from '../world/task-health.ts';
import { countsOf } from './counts.ts';
import { controllerOf } from './deployment-controller.ts';
import { fargate } from './fargate.ts';
import { rememberedDeployments } from './find-deployment.ts';
import { describedTaskSet } from './task-set-shape.ts';

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
    taskDefinition: taskDefinitionOf(service),
    deploymentConfiguration: service.deploymentConfiguration,
    ...deploymentsOf(service, tasks),
    events: service.events,
    createdAt: service.createdAt,
    createdBy: `arn:${fleet.partition}:iam::${fleet.account}:root`,
    ...currentParts(fleet, service, tasks),
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

/** An EXTERNAL controller's task definitions are those of its task sets. */
const taskDefinitionOf = (service: ServiceRecord): string | undefined =>
  controllerOf(service.settings) === 'EXTERNAL'
    ? undefined
    : (service.rollouts[0]?.revision ?? service.revisions[0])?.taskDefinition.arn;

/** ECS's own deployments, or the task sets of another controller: there is never both. */
const deploymentsOf = (service: ServiceRecord, tasks: Task[]): Pick<Service, 'deployments' | 'taskSets'> =>
  controllerOf(service.settings) === 'ECS'
    ? { deployments: service.rollouts.map((rollout) => describedDeployment(service, rollout, tasks)) }
    : { deployments: [], taskSets: service.rollouts.map((rollout) => describedTaskSet(service, rollout, tasks)) };

/** Where service deployments are not heard of, DescribeServices names none. */
const currentParts = (
  fleet: Fleet,
  service: ServiceRecord,
  tasks: Task[],
): Pick<Service, 'currentServiceDeployment' | 'currentServiceRevisions'> =>
  service.serviceDeployments === 'absent'
    ? {}
    : {
        currentServiceDeployment: rememberedDeployments(fleet, service)[0]?.arn,
        currentServiceRevisions: currentRevisions(service, tasks),
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

/** Not behind a Classic Load Balancer (ECS API, Deployment.rolloutState). */
const tellsRollout = ({ revisionSettings }: ServiceRecord): boolean =>
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
