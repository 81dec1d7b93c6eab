import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { Rollout, ServiceState } from '../../domain/rollout.ts';

const states = { COMPLETED: 'COMPLETED', FAILED: 'FAILED', IN_PROGRESS: 'IN_PROGRESS' } as const;

const rolloutOf = (deployment: Deployment): Rollout => ({
  id: deployment.id ?? '',
  status: deployment.status ?? '',
  state: states[deployment.rolloutState ?? 'IN_PROGRESS'],
  reason: deployment.rolloutStateReason ?? '',
  revision: deployment.taskDefinition ?? '',
  desired: deployment.desiredCount ?? 0,
  running: deployment.runningCount ?? 0,
  pending: deployment.pendingCount ?? 0,
  failed: deployment.failedTasks ?? 0,
});

const targetGroups = ({ loadBalancers = [] }: Service): string[] =>
  loadBalancers.flatMap(({ targetGroupArn }) => (targetGroupArn === undefined ? [] : [targetGroupArn]));

/** ECS's description of a service, in our words. Absent percentages are ECS's own defaults. */
export const serviceStateOf = (service: Service): ServiceState => ({
  arn: service.serviceArn ?? '',
  status: service.status ?? '',
  controller: service.deploymentController?.type ?? 'ECS',
  strategy: service.deploymentConfiguration?.strategy ?? 'ROLLING',
  classicLoadBalancer: (service.loadBalancers ?? []).some(({ loadBalancerName }) => loadBalancerName !== undefined),
  desired: service.desiredCount ?? 0,
  running: service.runningCount ?? 0,
  pending: service.pendingCount ?? 0,
  minimumHealthy: service.deploymentConfiguration?.minimumHealthyPercent ?? 100,
  maximum: service.deploymentConfiguration?.maximumPercent ?? 200,
  revision: service.taskDefinition ?? '',
  targetGroups: targetGroups(service),
  ...(service.currentServiceDeployment === undefined ? {} : { serviceDeployment: service.currentServiceDeployment }),
  rollouts: (service.deployments ?? []).map(rolloutOf),
  events: (service.events ?? []).map(({ createdAt, message }) => ({
    at: createdAt?.toISOString() ?? '',
    text: message ?? '',
  })),
});
