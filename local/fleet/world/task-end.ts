import { removeTarget } from '../elbv2/targets.ts';
import { courseOf, setAnswers } from './container-course.ts';
import { tellDeregistered } from './events.ts';
import type { Fleet } from './fleet.ts';
import { SECOND, dateOf } from './fleet.ts';
import type { FailedPull } from './images.ts';
import { noteFailure } from './rollout-failures.ts';
import type { Task } from './records.ts';

/** How long a stopped task can still be described (ECS API, DescribeTasks). */
const REMEMBERED = 3600 * SECOND;
/** Seconds between SIGTERM and SIGKILL when the container definition does not say. */
const STOP_TIMEOUT = 30;
const KILLED = 137;

/** The task could not start, mostly because an image was not pulled. */
export const failToStart = (fleet: Fleet, task: Task, { container, reason }: FailedPull): void => {
  container.reason = reason;
  noteFailure(fleet, task);
  task.desiredStatus = 'STOPPED';
  Object.assign(task, { stopCode: 'TaskFailedToStart', stoppedReason: reason, stoppingAt: dateOf(fleet) });
  vanish(fleet, task);
};

/** An essential container ended by itself: the task ends with it, whatever the load balancer still sends. */
export const taskExited = (fleet: Fleet, task: Task): void => {
  if (task.desiredStatus === 'RUNNING') {
    noteFailure(fleet, task);
    task.desiredStatus = 'STOPPED';
    Object.assign(task, {
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppingAt: dateOf(fleet),
    });
    leaveTargetGroups(fleet, task, () => undefined);
  }
  vanish(fleet, task);
};

/** The scheduler stops the task: out of its target groups, drained, and only then told to stop. */
export const stopTask = (fleet: Fleet, task: Task, reason: string): void => {
  task.desiredStatus = 'STOPPED';
  Object.assign(task, { stopCode: 'ServiceSchedulerInitiated', stoppedReason: reason, stoppingAt: dateOf(fleet) });
  if (task.status !== 'RUNNING') {
    vanish(fleet, task);
    return;
  }
  task.status = 'DEACTIVATING';
  leaveTargetGroups(fleet, task, () => {
    if (task.status === 'DEACTIVATING') terminate(fleet, task);
  });
};

const leaveTargetGroups = (fleet: Fleet, task: Task, left: () => void): void => {
  const groups = task.loadBalancers.flatMap(
    ({ targetGroupArn }) => fleet.balancer.targetGroups.get(targetGroupArn ?? '') ?? [],
  );
  let remaining = groups.length;
  if (remaining === 0) left();
  for (const group of groups) {
    tellDeregistered(fleet, task, group.arn);
    const gone = (): void => {
      remaining -= 1;
      if (remaining === 0) left();
    };
    removeTarget(fleet, group, { id: task.ip, gone });
  }
};

/** SIGTERM, then the processes' own time to end, at most their stop timeout. */
const terminate = (fleet: Fleet, task: Task): void => {
  endCourse(task);
  task.status = 'STOPPING';
  task.closed = true;
  const waits = task.containers.map((container) => {
    const own = container.behaviour === undefined ? undefined : courseOf(container.behaviour).drain;
    const limit = container.definition.stopTimeout ?? STOP_TIMEOUT;
    container.exitCode ??= own !== undefined && own > limit ? KILLED : 0;
    return Math.min(own ?? 1, limit);
  });
  fleet.clock.after(Math.max(0, ...waits) * SECOND, () => {
    vanish(fleet, task);
  });
};

/** Its processes are gone; a second or two later the task is stopped. */
const vanish = (fleet: Fleet, task: Task): void => {
  endCourse(task);
  task.status = 'STOPPING';
  task.closed = true;
  task.executionStoppedAt = dateOf(fleet);
  for (const container of task.containers) {
    if (container.image !== undefined) container.exitCode ??= KILLED;
    setAnswers(fleet, { task, container }, false);
  }
  fleet.clock.after(fleet.chance.milliseconds(1, 3), () => {
    task.status = 'STOPPED';
    task.stoppedAt = dateOf(fleet);
    fleet.wake(task.service);
    fleet.clock.after(REMEMBERED, () => {
      fleet.tasks.delete(task.arn);
    });
  });
  fleet.wake(task.service);
};

const endCourse = (task: Task): void => {
  for (const cancel of task.cancels) cancel();
  task.cancels = [];
};
