import { DescribeTasksCommand, ListTasksCommand, type ECSClient, type Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceName } from '../../domain/deployment.ts';
import type { Diagnosis } from '../../ports/diagnosis.ts';
import { awsCall } from './aws-call.ts';

const mostTasks = 20;
const shownEvents = 3;

// ECS's events and stop reasons tell of ordinary comings and goings as well.
const tellsTrouble = /unhealthy|unable|failed|error|exit/i;
const ordinaryStop = /^Scaling activity initiated/;

const exits = ({ containers = [] }: Task): string[] =>
  containers
    .filter(({ exitCode, reason }) => (exitCode ?? 0) !== 0 || reason !== undefined)
    .map(({ name, exitCode, reason }) => {
      const code = exitCode === undefined ? '' : ` exited with code ${exitCode}`;
      return `container ${name ?? ''}${code}${reason === undefined ? '' : ` (${reason})`}`;
    });

/** Why a rollout's tasks stopped, one sentence for each different reason. ECS forgets stopped tasks after an hour. */
const taskReasons = async (ecs: ECSClient, { cluster, service }: ServiceName, rolloutId: string): Promise<string[]> => {
  const list = new ListTasksCommand({ cluster, serviceName: service, desiredStatus: 'STOPPED', maxResults: 100 });
  const { taskArns = [] } = await awsCall('ListTasks', () => ecs.send(list));
  if (taskArns.length === 0) return [];
  const describe = new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, mostTasks) });
  const { tasks = [] } = await awsCall('DescribeTasks', () => ecs.send(describe));
  const ours = tasks.filter(
    ({ startedBy, stoppedReason = '' }) => startedBy === rolloutId && !ordinaryStop.test(stoppedReason),
  );
  return [...new Set(ours.map((task) => [task.stoppedReason ?? 'stopped', ...exits(task)].join('; ')))];
};

/** Which targets are unhealthy, and what the load balancer says of them. */
const targetReasons = async (
  elbv2: ElasticLoadBalancingV2Client,
  targetGroups: readonly string[],
): Promise<string[]> => {
  const sentences: string[] = [];
  for (const TargetGroupArn of targetGroups) {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn });
    const { TargetHealthDescriptions = [] } = await awsCall('DescribeTargetHealth', () => elbv2.send(command));
    for (const { TargetHealth } of TargetHealthDescriptions) {
      if (TargetHealth?.State !== 'unhealthy') continue;
      sentences.push(`a target is unhealthy: ${TargetHealth.Description ?? TargetHealth.Reason ?? 'no reason given'}`);
    }
  }
  return [...new Set(sentences)];
};

/** Reads ECS and the load balancer for what a failed rollout has to say. */
export const ecsDiagnosis = (ecs: ECSClient, elbv2: ElasticLoadBalancingV2Client): Diagnosis => ({
  reasons: async ({ events, targetGroups }, { name, rollout }) => [
    ...(await taskReasons(ecs, name, rollout)),
    ...(await targetReasons(elbv2, targetGroups)),
    ...events
      .map(({ text }) => text)
      .filter((text) => tellsTrouble.test(text))
      .slice(0, shownEvents),
  ],
});
