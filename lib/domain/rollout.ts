/** A service as ECS shows it in its classic view, in our words. Counts are tasks. */
export interface ServiceState {
  arn: string;
  status: string;
  controller: string;
  strategy: string;
  classicLoadBalancer: boolean;
  desired: number;
  running: number;
  pending: number;
  /** percent of desired */
  minimumHealthy: number;
  maximum: number;
  /** ARN of the revision the service is set to */
  revision: string;
  targetGroups: readonly string[];
  /** ARN of ECS's own record of the current rollout, where the region has it */
  serviceDeployment?: string;
  /** newest first; the first is PRIMARY */
  rollouts: readonly Rollout[];
  /** newest first */
  events: readonly { at: string; text: string }[];
}

/** One ECS deployment of a revision on a service (`ecs-svc/…`). */
export interface Rollout {
  id: string;
  status: string;
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  reason: string;
  revision: string;
  desired: number;
  running: number;
  pending: number;
  failed: number;
}

/** ECS's own record of a rollout: the only view that tells a rollback from somebody else's update. */
export interface ServiceDeployment {
  arn: string;
  status: string;
  reason: string;
}

/** A task of a rollout that stopped or is about to. */
export interface StoppedTask {
  id: string;
  /** ECS's code for it; new ones may come */
  code: string;
  /** ECS's sentence for it */
  reason: string;
  /** what there is to say of its containers: exit codes other than 0, ECS's sentences */
  containers: readonly string[];
}

/** In one sentence; the same for tasks that ended in the same way. */
export const whyStopped = ({ reason, containers }: StoppedTask): string => [reason, ...containers].join('; ');

export const primary = (service: ServiceState): Rollout | undefined =>
  service.rollouts.find(({ status }) => status === 'PRIMARY');

/** Our rollout: of our revision, and not one that was there before we wrote. Never known by comparing clocks. */
export const ourRollout = (
  service: ServiceState,
  mine: { revision: string; idsBefore: readonly string[] },
): Rollout | undefined =>
  service.rollouts.find(({ id, revision }) => revision === mine.revision && !mine.idsBefore.includes(id));

export type RolloutVerdict =
  { state: 'completed' | 'in progress' | 'unseen' } | { state: 'rolled back' | 'failed' | 'replaced'; because: string };

const rolledBack = /circuit breaker|roll(ing|ed) back/i;

/**
 * What became of our rollout. "The service is stable" is not the question: a rolled-back service is stable too. When
 * another rollout is PRIMARY, ECS's own record says whether ECS rolled ours back (`ROLLBACK_*`) or somebody put theirs
 * on top (`STOPPED`); where that record is not to be had, the classic view's failed state and reason have to do.
 */
export const judgeRollout = (
  service: ServiceState,
  mine: { revision: string; idsBefore: readonly string[]; record?: ServiceDeployment },
): RolloutVerdict => {
  const ours = ourRollout(service, mine);
  const front = primary(service);
  if (front !== undefined && front.id === ours?.id) {
    // With nothing to run, ECS completes a rollout that never started a task.
    if (front.state === 'COMPLETED' && front.desired > 0) return { state: 'completed' };
    return front.state === 'FAILED' ? { state: 'failed', because: front.reason } : { state: 'in progress' };
  }
  if (mine.record?.status.startsWith('ROLLBACK')) return { state: 'rolled back', because: mine.record.reason };
  if (ours?.state === 'FAILED' && rolledBack.test(`${ours.reason} ${front?.reason ?? ''}`)) {
    return { state: 'rolled back', because: ours.reason };
  }
  if (front === undefined || mine.idsBefore.includes(front.id)) return { state: 'unseen' };
  // Ours leaves the classic view once its last task is gone; only its successor's reason still tells why.
  if (mine.record === undefined && rolledBack.test(front.reason))
    return { state: 'rolled back', because: front.reason };
  return { state: 'replaced', because: `another rollout, ${front.id}, is in its place` };
};
