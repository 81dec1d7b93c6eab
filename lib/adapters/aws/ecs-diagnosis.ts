import type { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceName } from '../../domain/deployment.ts';
import { whyStopped } from '../../domain/rollout.ts';
import type { Diagnosis } from '../../ports/diagnosis.ts';
import { awsCall } from './aws-call.ts';
import { stoppedTasks } from './ecs-rollout-tasks.ts';

const shownEvents = 3;

// ECS's events and stop reasons tell of ordinary comings and goings as well.
const tellsTrouble = /unhealthy|unable|failed|error|exit/i;
const ordinaryStop = /^Scaling activity initiated/;

/** Why a rollout's tasks stopped, one sentence for each different reason. */
const taskReasons = async (ecs: ECSClient, name: ServiceName, rolloutId: string): Promise<string[]> => {
  const stopped = await stoppedTasks(ecs, name, rolloutId);
  return [...new Set(stopped.filter(({ reason }) => !ordinaryStop.test(reason)).map(whyStopped))];
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
