import { DescribeTasksCommand, paginateListTasks, type ECSClient, type Task } from '@aws-sdk/client-ecs';
import type { ServiceName } from '../../domain/deployment.ts';
import { awsCall } from './aws-call.ts';
import { everyPage } from './every-page.ts';

const mostDescribed = 100;

const addressOf = ({ attachments = [], lastStatus }: Task): string[] =>
  lastStatus !== 'RUNNING'
    ? []
    : attachments
        .flatMap(({ details = [] }) => details)
        .flatMap(({ name, value }) => (name === 'privateIPv4Address' && value !== undefined ? [value] : []));

/** The private IPv4 addresses of a service's running tasks that this rollout started; ECS describes 100 tasks at a time. */
export const taskAddresses = async (
  ecs: ECSClient,
  { cluster, service }: ServiceName,
  rolloutId: string,
): Promise<string[]> => {
  const addresses: string[] = [];
  const pages = paginateListTasks({ client: ecs, pageSize: mostDescribed }, { cluster, serviceName: service });
  for await (const { taskArns: tasks = [] } of everyPage('ListTasks', pages)) {
    if (tasks.length === 0) continue;
    const describe = new DescribeTasksCommand({ cluster, tasks });
    const answer = await awsCall('DescribeTasks', () => ecs.send(describe));
    const ours = (answer.tasks ?? []).filter(({ startedBy }) => startedBy === rolloutId);
    addresses.push(...ours.flatMap(addressOf));
  }
  return addresses;
};
