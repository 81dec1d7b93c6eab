import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { applicationAutoScaling } from '../../lib/adapters/aws/application-auto-scaling.ts';
import { cloudwatchAlarms } from '../../lib/adapters/aws/cloudwatch-alarms.ts';
import { dynamoJournal } from '../../lib/adapters/aws/dynamo-journal.ts';
import { ecrImageStore } from '../../lib/adapters/aws/ecr-image-store.ts';
import { ecrImages } from '../../lib/adapters/aws/ecr-images.ts';
import { ecsFleet } from '../../lib/adapters/aws/ecs-fleet.ts';
import { ecsServiceCopies } from '../../lib/adapters/aws/ecs-service-copies.ts';
import { elbv2Traffic } from '../../lib/adapters/aws/elbv2-traffic.ts';
import { stepFunctionsWorkflows } from '../../lib/adapters/aws/step-functions-workflows.ts';
import { gitlabApi } from '../../lib/adapters/gitlab/gitlab-api.ts';
import { gitlabRegistry } from '../../lib/adapters/registry/gitlab-registry.ts';
import type { PlanPorts } from '../plan-ports.ts';
import type { ExaminedStage } from './examined-stage.ts';

/** The adapters that the stage's functions use, with the operator's own login. */
export const planAdapters = (aws: { region?: string }, examined: ExaminedStage): PlanPorts => {
  const { stack, bounds, targets, credentials, local } = examined;
  const [ecs, ecr] = [new ECSClient(aws), new ECRClient(aws)];
  return {
    ...{ targets, bounds },
    gitlab: gitlabApi(credentials),
    registry: gitlabRegistry(credentials, { local, privateHosts: stack.privateHosts }),
    images: ecrImages(ecr),
    store: ecrImageStore(ecr),
    fleet: ecsFleet(ecs),
    copies: ecsServiceCopies(ecs),
    traffic: elbv2Traffic(new ElasticLoadBalancingV2Client(aws)),
    scaling: applicationAutoScaling(new ApplicationAutoScalingClient(aws)),
    alarms: cloudwatchAlarms(new CloudWatchClient(aws)),
    journal: dynamoJournal(DynamoDBDocumentClient.from(new DynamoDBClient(aws)), stack.table),
    workflows: stepFunctionsWorkflows(new SFNClient(aws), stack.stateMachineArn),
    clock: () => new Date(),
  };
};
