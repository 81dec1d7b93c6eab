import type { ServiceView, TaskView } from '../seeds.ts';
import { countsOf } from '../ecs/counts.ts';
import type { Fleet } from './fleet.ts';
import type { Rollout, ServiceRecord, Task } from './records.ts';
import { healthStatusOf, targetsOf, unstoppedTasks } from './task-health.ts';

/** The service as tests and people read it: also its tasks that stopped within the last hour. */
export const viewOf = (fleet: Fleet, service: ServiceRecord): ServiceView => {
  const counts = countsOf(unstoppedTasks(fleet, service));
  return {
    serviceArn: service.arn,
    desired: service.desired,
    running: counts.runningCount,
    pending: counts.pendingCount,
    rollouts: service.rollouts.map((rollout) => rolloutView(fleet, service, rollout)),
    tasks: [...fleet.tasks.values()].filter((task) => task.service === service).map((task) => taskView(fleet, task)),
    events: service.events.map(({ message = '' }) => message),
  };
};

const rolloutView = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): ServiceView['rollouts'][number] => {
  const tasks = unstoppedTasks(fleet, service).filter((task) => task.rollout === rollout);
  const isPrimary = rollout === service.rollouts[0];
  return {
    id: rollout.id,
    status: isPrimary ? 'PRIMARY' : 'ACTIVE',
    rolloutState: rollout.state,
    reason: rollout.reason,
    taskDefinitionArn: rollout.revision.taskDefinition.arn,
    images: rollout.revision.images.map(({ image }) => image),
    desired: isPrimary ? service.desired : tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length,
    running: countsOf(tasks).runningCount,
    failed: rollout.failedTasks,
  };
};

/** `health` is what the load balancer says, or the containers' own checks where there is none. */
const taskView = (fleet: Fleet, task: Task): TaskView => ({
  taskArn: task.arn,
  taskDefinitionArn: task.rollout.revision.taskDefinition.arn,
  rolloutId: task.rollout.id,
  status: task.status,
  health: targetsOf(fleet, task).find(({ target }) => target !== undefined)?.target?.state ?? healthStatusOf(task),
  ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
});
