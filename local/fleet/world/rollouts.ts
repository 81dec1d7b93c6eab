import { ecsArn } from './arns.ts';
import { tellCompleted, tellRollingBack } from './events.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import { unpinnedImages } from './images.ts';
import type {
  Rollout,
  ServiceDeploymentRecord,
  ServiceRecord,
  ServiceRevisionRecord,
  TaskDefinitionRecord,
} from './records.ts';

const RUNNING_STATUSES = ['PENDING', 'IN_PROGRESS', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];

/** Records what the service is now to be: this task definition, with the service's present settings. */
export const addRevision = (
  fleet: Fleet,
  service: ServiceRecord,
  taskDefinition: TaskDefinitionRecord,
): ServiceRevisionRecord => {
  const revision: ServiceRevisionRecord = {
    arn: ecsArn(fleet, `service-revision/${service.cluster.name}/${service.name}/${fleet.names.digits(19)}`),
    createdAt: dateOf(fleet),
    taskDefinition,
    settings: service.revisionSettings,
    images: unpinnedImages(taskDefinition),
  };
  service.revisions.unshift(revision);
  return revision;
};

/** Starts the rollout of a revision as the new PRIMARY; the service deployment that was under way is stopped. */
export const startRollout = (fleet: Fleet, service: ServiceRecord, revision: ServiceRevisionRecord): Rollout => {
  const running = service.deployments.find(({ status }) => RUNNING_STATUSES.includes(status));
  if (running !== undefined) {
    stopDeployment(fleet, running, 'Service deployment stopped because a new service deployment was started.');
  }
  const deployment = newDeployment(fleet, service, revision);
  service.deployments.unshift(deployment);
  const rollout = addRollout(fleet, service, { revision, deployment });
  fleet.wake(service);
  return rollout;
};

const newDeployment = (
  fleet: Fleet,
  service: ServiceRecord,
  target: ServiceRevisionRecord,
): ServiceDeploymentRecord => ({
  arn: ecsArn(fleet, `service-deployment/${service.cluster.name}/${service.name}/${fleet.names.letters(21)}`),
  createdAt: dateOf(fleet),
  updatedAt: dateOf(fleet),
  target,
  sources: [...new Set(service.rollouts.map(({ revision }) => revision))],
  status: 'PENDING',
  breaker: service.deploymentConfiguration.deploymentCircuitBreaker?.enable === true ? 'MONITORING' : 'DISABLED',
  failureCount: 0,
  alarms: service.deploymentConfiguration.alarms?.enable === true ? 'MONITORING' : 'DISABLED',
  triggeredAlarms: [],
});

const addRollout = (
  fleet: Fleet,
  service: ServiceRecord,
  { revision, deployment }: Pick<Rollout, 'revision' | 'deployment'>,
): Rollout => {
  const id = `ecs-svc/${fleet.names.digits(19)}`;
  const rollout: Rollout = {
    id,
    revision,
    deployment,
    createdAt: dateOf(fleet),
    updatedAt: dateOf(fleet),
    state: 'IN_PROGRESS',
    reason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    moves: true,
    stallTold: false,
    reachedAt: undefined,
    lost: 0,
  };
  service.rollouts.unshift(rollout);
  service.revisionSettings = revision.settings;
  service.steady = false;
  service.failedStarts = 0;
  service.noStartBefore = 0;
  return rollout;
};

/** STOP_REQUESTED now, STOPPED within seconds. */
export const stopDeployment = (fleet: Fleet, deployment: ServiceDeploymentRecord, reason: string): void => {
  setStatus(fleet, deployment, { status: 'STOP_REQUESTED', reason });
  fleet.clock.after(fleet.chance.milliseconds(2, 5), () => {
    setStatus(fleet, deployment, { status: 'STOPPED', reason });
    deployment.stoppedAt = dateOf(fleet);
    deployment.finishedAt = dateOf(fleet);
  });
};

export const setStatus = (
  fleet: Fleet,
  deployment: ServiceDeploymentRecord,
  { status, reason }: { status: ServiceDeploymentRecord['status']; reason?: string },
): void => {
  deployment.status = status;
  deployment.updatedAt = dateOf(fleet);
  if (reason !== undefined) deployment.statusReason = reason;
};

/** The rollout reached what it was for: in the classic view it COMPLETED, and its service deployment ends. */
export const completeRollout = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): void => {
  const { deployment } = rollout;
  rollout.state = 'COMPLETED';
  rollout.reason = `ECS deployment ${rollout.id} completed.`;
  rollout.updatedAt = dateOf(fleet);
  service.lastCompleted = { rolloutId: rollout.id, revision: rollout.revision };
  setStatus(fleet, deployment, { status: deployment.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL' });
  deployment.finishedAt = dateOf(fleet);
  if (deployment.breaker === 'MONITORING') deployment.breaker = 'MONITORING_COMPLETE';
  if (deployment.alarms === 'MONITORING') deployment.alarms = 'MONITORING_COMPLETE';
  tellCompleted(fleet, service, rollout);
};

/**
 * Goes back to what completed last. In the classic view that is a new rollout with an id of its own; the service
 * deployment stays the same one (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html).
 */
export const rollBack = (
  fleet: Fleet,
  service: ServiceRecord,
  { to, from, reason }: { to: NonNullable<ServiceRecord['lastCompleted']>; from: Rollout; reason: string },
): Rollout => {
  const { deployment } = from;
  setStatus(fleet, deployment, { status: 'ROLLBACK_IN_PROGRESS', reason });
  deployment.rollback = { reason, startedAt: dateOf(fleet), revision: to.revision };
  const rollout = addRollout(fleet, service, { revision: to.revision, deployment });
  tellRollingBack(fleet, service, to.rolloutId);
  fleet.wake(service);
  return rollout;
};
