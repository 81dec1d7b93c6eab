import { setPassing } from '../elbv2/target-health.ts';
import type { ImageBehaviour } from '../seeds.ts';
import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import type { Task, TaskContainer } from './records.ts';

/** Seconds that Docker health checks take when the container definition leaves them out (ECS API, HealthCheck). */
const CHECK_INTERVAL = 30;
const CHECK_RETRIES = 3;

export interface Course {
  /** seconds after its start at which it answers; undefined: never */
  answersAfter: number | undefined;
  /** seconds after its start at which it ends by itself, and with what code */
  exit: { after: number; code: number } | undefined;
  /** seconds it takes to end once it is told to; undefined: about one */
  drain: number | undefined;
}

/** When a container of this image answers, ends, and how long it takes to stop. */
export const courseOf = (behaviour: ImageBehaviour): Course => {
  switch (behaviour.does) {
    case 'become healthy':
      return { answersAfter: behaviour.after, exit: undefined, drain: undefined };
    case 'exit':
      return { answersAfter: undefined, exit: behaviour, drain: undefined };
    case 'become healthy, then crash':
      return {
        answersAfter: behaviour.after,
        exit: { after: behaviour.after + behaviour.crashAfter, code: behaviour.code },
        drain: undefined,
      };
    case 'drain slowly':
      return { answersAfter: behaviour.healthyAfter, exit: undefined, drain: behaviour.drain };
    case 'never become healthy':
    case 'fail to pull':
    case 'fail to start':
      return { answersAfter: undefined, exit: undefined, drain: undefined };
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

/** The container's own health check: healthy at the first check it answers, unhealthy once its retries are used up before that. */
export const watchContainerHealth = (fleet: Fleet, running: Running, { answersAfter }: Course): void => {
  const { task, container } = running;
  const check = container.definition.healthCheck;
  if (check === undefined) return;
  const interval = check.interval ?? CHECK_INTERVAL;
  const givesUp = (check.startPeriod ?? 0) + interval * (check.retries ?? CHECK_RETRIES);
  const healthyAt = answersAfter === undefined ? Infinity : Math.max(1, Math.ceil(answersAfter / interval)) * interval;
  const healthy = healthyAt <= givesUp;
  inLife(fleet, task, {
    ms: Math.min(healthyAt, givesUp) * SECOND,
    act: () => {
      container.health = healthy ? 'HEALTHY' : 'UNHEALTHY';
      fleet.wake(task.service);
    },
  });
};
