import { setPassing } from '../elbv2/target-health.ts';
import type { ImageBehaviour } from '../seeds.ts';
import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import type { Task, TaskContainer } from './records.ts';

/** Seconds that Docker health checks take when the container definition leaves them out (ECS API, HealthCheck). */
const CHECK_INTERVAL = 30;
const CHECK_RETRIES = 3;

export interface Course {
  /** seconds after its start at which it answers; absent: never */
  answersAfter?: number;
  /** seconds after its start from which on it answers badly */
  failsAfter?: number;
  /** seconds after its start at which it ends by itself, and with what code */
  exit?: { after: number; code: number };
  /** it ends by itself once users asked it so often */
  exitUnderTraffic?: { requests: number; code: number };
  /** it answers users with that status once they asked it so often */
  failsUnderTraffic?: { requests: number; status: number };
  /** seconds it takes to end once it is told to; absent: about one */
  drain?: number;
}

/** When a container of this image answers, ends, and how long it takes to stop. */
export const courseOf = (behaviour: ImageBehaviour): Course => {
  switch (behaviour.does) {
    case 'become healthy':
      return { answersAfter: behaviour.after };
    case 'exit':
      return { exit: behaviour };
    case 'become healthy, then crash': {
      const { after, crashAfter, code } = behaviour;
      return { answersAfter: after, exit: { after: after + crashAfter, code } };
    }
    case 'become healthy, then turn unhealthy':
      return { answersAfter: behaviour.after, failsAfter: behaviour.after + behaviour.unhealthyAfter };
    case 'become healthy, then crash under traffic':
      return { answersAfter: behaviour.after, exitUnderTraffic: behaviour };
    case 'become healthy, then answer badly under traffic':
      return { answersAfter: behaviour.after, failsUnderTraffic: behaviour };
    case 'drain slowly':
      return { answersAfter: behaviour.healthyAfter, drain: behaviour.drain };
    case 'never become healthy':
    case 'fail to pull':
    case 'fail to start':
      return {};
  }
};

/** Runs `act` in the task's life, unless the task's life ends before. */
export const inLife = (fleet: Fleet, task: Task, { ms, act }: { ms: number; act: () => void }): void => {
  task.cancels.push(fleet.clock.after(ms, act));
};

/** Says whether the container answers well, to users and to the health checks of its target groups. */
export const setAnswers = (fleet: Fleet, { task, container }: Running, answers: boolean): void => {
  container.answers = answers;
  for (const { targetGroupArn, containerName } of task.loadBalancers) {
    const group = fleet.balancer.targetGroups.get(targetGroupArn ?? '');
    const target = group?.targets.get(task.ip);
    if (containerName === container.definition.name && group !== undefined && target !== undefined) {
      setPassing(fleet, { group, target }, answers);
    }
  }
};

export interface Running {
  readonly task: Task;
  readonly container: TaskContainer;
}

/**
 * The container's own health check: healthy at the first check it answers, unhealthy once its retries are used up before
 * that, or after it began to answer badly.
 */
export const watchContainerHealth = (fleet: Fleet, running: Running, { answersAfter, failsAfter }: Course): void => {
  const check = running.container.definition.healthCheck;
  if (check === undefined) return;
  const interval = check.interval ?? CHECK_INTERVAL;
  const retries = interval * (check.retries ?? CHECK_RETRIES);
  const givesUp = (check.startPeriod ?? 0) + retries;
  const healthyAt = answersAfter === undefined ? Infinity : Math.max(1, Math.ceil(answersAfter / interval)) * interval;
  judgeAt(fleet, running, { at: Math.min(healthyAt, givesUp), health: healthyAt <= givesUp ? 'HEALTHY' : 'UNHEALTHY' });
  if (failsAfter !== undefined) judgeAt(fleet, running, { at: failsAfter + retries, health: 'UNHEALTHY' });
};

const judgeAt = (
  fleet: Fleet,
  { task, container }: Running,
  { at, health }: { at: number; health: TaskContainer['health'] },
): void => {
  inLife(fleet, task, {
    ms: at * SECOND,
    act: () => {
      container.health = health;
      fleet.wake(task.service);
    },
  });
};
