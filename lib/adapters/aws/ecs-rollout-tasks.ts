import { DescribeTasksCommand, paginateListTasks, type ECSClient, type Task } from '@aws-sdk/client-ecs';
import type { ServiceName } from '../../domain/deployment.ts';
import type { StoppedTask } from '../../domain/rollout.ts';
import { awsCall } from './aws-call.ts';
import { everyPage } from './every-page.ts';

const mostDescribed = 100;

/** ECS lists by who started a task only where nothing else is asked for: the rollout's own are told by their description. */
const rolloutTasks = async (
  ecs: ECSClient,
  { cluster, service }: ServiceName,
  { rolloutId, desiredStatus }: { rolloutId: string; desiredStatus: 'RUNNING' | 'STOPPED' },
): Promise<Task[]> => {
  const found: Task[] = [];
  const input = { cluster, serviceName: service, desiredStatus };
  const pages = paginateListTasks({ client: ecs, pageSize: mostDescribed }, input);
  for await (const { taskArns: tasks = [] } of everyPage('ListTasks', pages)) {
    if (tasks.length === 0) continue;
    const describe = new DescribeTasksCommand({ cluster, tasks });
    const answer = await awsCall('DescribeTasks', () => ecs.send(describe));
    found.push(...(answer.tasks ?? []).filter(({ startedBy }) => startedBy === rolloutId));
  }
  return found;
};

const addressOf = ({ attachments = [], lastStatus }: Task): string[] =>
  lastStatus !== 'RUNNING'
    ? []
    : attachments
        .flatMap(({ details = [] }) => details)
        .flatMap(({ name, value }) => (name === 'privateIPv4Address' && value !== undefined ? [value] : []));

/** The private IPv4 addresses of a service's running tasks that this rollout started. */
export const taskAddresses = async (ecs: ECSClient, name: ServiceName, rolloutId: string): Promise<string[]> =>
  (await rolloutTasks(ecs, name, { rolloutId, desiredStatus: 'RUNNING' })).flatMap(addressOf);

const exits = ({ containers = [] }: Task): string[] =>
  containers
    .filter(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined)
    .map(({ name, exitCode, reason }) => {
      const code = exitCode === undefined ? '' : ` exited with code ${exitCode}`;
      return `container ${name ?? ''}${code}${reason === undefined ? '' : ` (${reason})`}`;
    });

const stoppedTaskOf = (task: Task): StoppedTask => ({
  id: task.taskArn?.split('/').at(-1) ?? '',
  code: task.stopCode ?? '',
  reason: task.stoppedReason ?? 'stopped',
  containers: exits(task),
});

/** A service's tasks that this rollout started and that stopped, or are about to. ECS forgets them after an hour. */
export const stoppedTasks = async (ecs: ECSClient, name: ServiceName, rolloutId: string): Promise<StoppedTask[]> =>
  (await rolloutTasks(ecs, name, { rolloutId, desiredStatus: 'STOPPED' })).map(stoppedTaskOf);
