import type { TaskSet } from '@aws-sdk/client-ecs';
import type { Rollout, ServiceRecord, Task } from '../world/records.ts';
import { countsOf } from './counts.ts';
import { controllerOf } from './deployment-controller.ts';
import { fargate } from './fargate.ts';

/** What a service of another controller has instead of deployments. */
export const describedTaskSet = (service: ServiceRecord, rollout: Rollout, all: Task[]): TaskSet => {
  const { settings, revisionSettings } = service;
  const counts = countsOf(all.filter((task) => task.rollout === rollout));
  const isPrimary = rollout === service.rollouts[0];
  const computedDesiredCount = isPrimary ? service.desired : 0;
  const isSteady = counts.runningCount === computedDesiredCount && counts.pendingCount === 0;
  return {
    id: rollout.id,
    taskSetArn: `${service.arn.replace(':service/', ':task-set/')}/${rollout.id}`,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    ...(controllerOf(settings) === 'CODE_DEPLOY' ? { startedBy: 'CODE_DEPLOY' } : {}),
    status: isPrimary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: rollout.revision.taskDefinition.arn,
    computedDesiredCount,
    ...counts,
    createdAt: rollout.createdAt,
    updatedAt: rollout.updatedAt,
    launchType: settings.launchType,
    capacityProviderStrategy: settings.capacityProviderStrategy,
    ...fargate(service),
    networkConfiguration: revisionSettings.networkConfiguration,
    loadBalancers: revisionSettings.loadBalancers ?? [],
    serviceRegistries: revisionSettings.serviceRegistries ?? [],
    scale: { value: isPrimary ? 100 : 0, unit: 'PERCENT' },
    stabilityStatus: isSteady ? 'STEADY_STATE' : 'STABILIZING',
  };
};
