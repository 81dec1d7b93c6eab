import type { LoadBalancer } from '@aws-sdk/client-ecs';
import { addTarget } from '../elbv2/targets.ts';
import { ecsArn } from './arns.ts';
import { courseOf, inLife, setAnswers, watchContainerHealth } from './container-course.ts';
import type { Running } from './container-course.ts';
import { tellRegistered } from './events.ts';
import type { Fleet } from './fleet.ts';
import { SECOND, dateOf } from './fleet.ts';
import { pullImages } from './images.ts';
import type { Rollout, ServiceRecord, Task, TaskContainer } from './records.ts';
import { UNCHECKED_WAIT, hasHealthCheck, isEssential } from './task-health.ts';
import { failToStart, taskExited } from './task-end.ts';

/** Starts a task of the rollout: provisioned, pending, running within seconds, unless its image cannot be pulled. */
export const launchTask = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): Task => {
  const task = newTask(fleet, service, rollout);
  inLife(fleet, task, {
    ms: fleet.chance.milliseconds(2, 5),
    act: () => {
      pull(fleet, task);
    },
  });
  return task;
};

/** A task that has been running for long, as in a service that was there before. */
export const seasonedTask = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): Task => {
  const task = newTask(fleet, service, rollout);
  task.pullStartedAt = task.createdAt;
  pullImages(fleet, task);
  run(fleet, task, { seasoned: true });
  return task;
};

const newTask = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): Task => {
  const id = fleet.names.hex(32);
  const number = fleet.tasks.size;
  const task: Task = {
    arn: ecsArn(fleet, `task/${service.cluster.name}/${id}`),
    id,
    service,
    rollout,
    ip: freeAddress(fleet),
    availabilityZone: `${fleet.region}${number % 2 === 0 ? 'a' : 'b'}`,
    createdAt: dateOf(fleet),
    containers: newContainers(fleet, { service, rollout, taskId: id }),
    loadBalancers: rollout.revision.settings.loadBalancers ?? [],
    status: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    closed: false,
    provedHealthy: false,
    cancels: [],
  };
  fleet.tasks.set(task.arn, task);
  return task;
};

/** An address that no task of the last hour had, as a subnet of 65,536 would give it. */
const freeAddress = (fleet: Fleet): string => {
  const taken = new Set([...fleet.tasks.values()].map(({ ip }) => ip));
  for (;;) {
    const [high, low] = [fleet.names.between(0, 256), fleet.names.between(4, 255)].map(Math.floor);
    const ip = `10.0.${String(high)}.${String(low)}`;
    if (!taken.has(ip)) return ip;
  }
};

const newContainers = (
  fleet: Fleet,
  { service, rollout, taskId }: { service: ServiceRecord; rollout: Rollout; taskId: string },
): TaskContainer[] =>
  (rollout.revision.taskDefinition.registered.containerDefinitions ?? []).map((definition) => ({
    definition,
    arn: ecsArn(fleet, `container/${service.cluster.name}/${taskId}/${fleet.names.hex(8)}`),
    runtimeId: `${taskId}-${fleet.names.digits(10)}`,
    image: undefined,
    behaviour: undefined,
    health: 'UNKNOWN',
    answers: false,
    status: 200,
    asked: () => undefined,
  }));

const pull = (fleet: Fleet, task: Task): void => {
  task.status = 'PENDING';
  task.pullStartedAt = dateOf(fleet);
  inLife(fleet, task, {
    ms: fleet.chance.milliseconds(5, 12),
    act: () => {
      const failed = pullImages(fleet, task);
      if (failed === undefined) run(fleet, task, { seasoned: false });
      else failToStart(fleet, task, failed);
    },
  });
};

const run = (fleet: Fleet, task: Task, { seasoned }: { seasoned: boolean }): void => {
  task.status = 'RUNNING';
  task.pullStoppedAt = dateOf(fleet);
  task.startedAt = dateOf(fleet);
  task.service.failedStarts = 0;
  for (const container of task.containers) play(fleet, { task, container }, seasoned);
  for (const entry of task.loadBalancers) register(fleet, task, { entry, seasoned });
  if (!hasHealthCheck(fleet, task)) {
    const act = (): void => {
      fleet.wake(task.service);
    };
    inLife(fleet, task, { ms: UNCHECKED_WAIT, act });
  }
  fleet.wake(task.service);
};

/** Plans what the container's image does from its start on. */
const play = (fleet: Fleet, running: Running, seasoned: boolean): void => {
  const { task, container } = running;
  const course = courseOf(container.behaviour ?? { does: 'never become healthy' });
  const { answersAfter, failsAfter, exit, exitUnderTraffic, failsUnderTraffic } = course;
  const at = (seconds: number | undefined, act: () => void): void => {
    if (seconds !== undefined) inLife(fleet, task, { ms: seconds * SECOND, act });
  };
  const answer = (well: boolean) => (): void => {
    setAnswers(fleet, running, well);
  };
  if (seasoned) {
    container.answers = true;
    container.health = container.definition.healthCheck === undefined ? 'UNKNOWN' : 'HEALTHY';
  } else {
    watchContainerHealth(fleet, running, course);
    at(answersAfter, answer(true));
  }
  at(failsAfter, answer(false));
  at(exit?.after, () => {
    containerExited(fleet, running, exit?.code ?? 0);
  });
  if (exitUnderTraffic !== undefined) exitAtRequest(fleet, running, exitUnderTraffic);
  if (failsUnderTraffic !== undefined) failAfterRequests(container, failsUnderTraffic);
};

const failAfterRequests = (
  container: TaskContainer,
  { requests, status }: { requests: number; status: number },
): void => {
  let left = requests;
  container.asked = () => {
    if (left === 0) container.status = status;
    else left -= 1;
  };
};

/** The last request that it takes is one of those that it never answers. */
const exitAtRequest = (
  fleet: Fleet,
  running: Running,
  { requests, code }: { requests: number; code: number },
): void => {
  let left = requests;
  running.container.asked = () => {
    left -= 1;
    if (left > 0) return;
    running.container.asked = () => undefined;
    const act = (): void => {
      containerExited(fleet, running, code);
    };
    inLife(fleet, running.task, { ms: 0, act });
  };
};

/** It ends by itself, and with it its task if it is essential. */
export const containerExited = (fleet: Fleet, running: Running, code: number): void => {
  running.container.exitCode = code;
  setAnswers(fleet, running, false);
  if (isEssential(running.container)) taskExited(fleet, running.task);
};

const register = (fleet: Fleet, task: Task, { entry, seasoned }: { entry: LoadBalancer; seasoned: boolean }): void => {
  const group = fleet.balancer.targetGroups.get(entry.targetGroupArn ?? '');
  if (group === undefined) return;
  const container = task.containers.find(({ definition }) => definition.name === entry.containerName);
  addTarget(fleet, group, {
    id: task.ip,
    port: entry.containerPort ?? group.port,
    availabilityZone: task.availabilityZone,
    passing: container?.answers ?? false,
    seasoned,
    changed: () => {
      fleet.wake(task.service);
    },
  });
  tellRegistered(fleet, task, group.arn);
};
