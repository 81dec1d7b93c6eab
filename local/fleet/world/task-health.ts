import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import type { ServiceRecord, Task, TaskContainer } from './records.ts';
import type { Target } from '../elbv2/balancer.ts';

/** Without any health check a task counts 40 s after it runs (ECS API, DeploymentConfiguration.minimumHealthyPercent). */
export const UNCHECKED_WAIT = 40 * SECOND;

export const isEssential = ({ definition }: TaskContainer): boolean => definition.essential ?? true;

const checkedContainers = ({ containers }: Task): TaskContainer[] =>
  containers.filter((container) => container.definition.healthCheck !== undefined && isEssential(container));

/** The target groups a task is in, with its target there, if it is registered. */
export const targetsOf = (fleet: Fleet, task: Task): { groupArn: string; target: Target | undefined }[] =>
  task.loadBalancers.flatMap(({ targetGroupArn }) =>
    targetGroupArn === undefined
      ? []
      : [
          {
            groupArn: targetGroupArn,
            target: fleet.balancer.targetGroups.get(targetGroupArn)?.targets.get(task.ip),
          },
        ],
  );

/** What DescribeTasks shows as healthStatus: the verdict of the containers' own health checks. */
export const healthStatusOf = (task: Task): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' => {
  const verdicts = checkedContainers(task).map(({ health }) => health);
  if (verdicts.length === 0 || task.status !== 'RUNNING') return 'UNKNOWN';
  if (verdicts.includes('UNHEALTHY')) return 'UNHEALTHY';
  return verdicts.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY';
};

export const hasHealthCheck = (fleet: Fleet, task: Task): boolean =>
  checkedContainers(task).length > 0 || targetsOf(fleet, task).length > 0;

/** Whether the task counts towards the minimum healthy percent. */
export const countsAsHealthy = (fleet: Fleet, task: Task): boolean => {
  if (task.status !== 'RUNNING' || task.desiredStatus !== 'RUNNING') return false;
  if (!hasHealthCheck(fleet, task)) return fleet.clock.now() - (task.startedAt?.getTime() ?? 0) >= UNCHECKED_WAIT;
  const checked = checkedContainers(task).every(({ health }) => health === 'HEALTHY');
  return checked && targetsOf(fleet, task).every(({ target }) => target?.state === 'healthy');
};

/** Tasks that the service wants to keep, pending ones included. */
export const liveTasks = (fleet: Fleet, service: ServiceRecord): Task[] =>
  [...fleet.tasks.values()].filter((task) => task.service === service && task.desiredStatus === 'RUNNING');

export const unstoppedTasks = (fleet: Fleet, service: ServiceRecord): Task[] =>
  [...fleet.tasks.values()].filter((task) => task.service === service && task.status !== 'STOPPED');
