import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoCopyJournal } from '../../lib/adapters/aws/dynamo-copy-journal.ts';
import { dynamoHistory } from '../../lib/adapters/aws/dynamo-history.ts';
import { dynamoJournal } from '../../lib/adapters/aws/dynamo-journal.ts';
import { ecrImageStore } from '../../lib/adapters/aws/ecr-image-store.ts';
import { ecsFleet } from '../../lib/adapters/aws/ecs-fleet.ts';
import { elbv2Traffic } from '../../lib/adapters/aws/elbv2-traffic.ts';
import { parameterStoreTargets } from '../../lib/adapters/aws/parameter-store-targets.ts';
import { stepFunctionsWorkflows } from '../../lib/adapters/aws/step-functions-workflows.ts';
import { ecrHost } from '../../lib/domain/image-reference.ts';
import { awsExecutions } from './aws-executions.ts';
import { callerName } from './caller-name.ts';
import { deployedStack } from './deployed-stack.ts';
import { clientOptions, type StageOptions } from '../commands/stage-options.ts';

/** What commands that deploy, hold or look on need of a deployed stage. Raises what finding the stack raises. */
export const deployedPorts = async (options: StageOptions) => {
  // CloudTrail shows the name beside whose credentials they are.
  const aws = { ...clientOptions(options), userAgentAppId: 'drawbridge-cli' };
  const stack = await deployedStack(new LambdaClient(aws), options.stage);
  const clock = (): Date => new Date();
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(aws), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const [sfn, ssm] = [new SFNClient(aws), new SSMClient(aws)];
  const registry = ecrHost(stack.account, await ssm.config.region());
  return {
    journal: dynamoJournal(documents, stack.table),
    history: dynamoHistory(documents, stack.table),
    copies: dynamoCopyJournal(documents, { table: stack.table, now: clock }),
    targets: parameterStoreTargets(ssm, { path: stack.targetsPath, registry }),
    workflows: stepFunctionsWorkflows(sfn, stack.stateMachineArn),
    executions: awsExecutions(sfn, stack.stateMachineArn),
    store: ecrImageStore(new ECRClient(aws)),
    fleet: ecsFleet(new ECSClient(aws)),
    traffic: elbv2Traffic(new ElasticLoadBalancingV2Client(aws)),
    caller: () => callerName(new STSClient(aws)),
    clock,
    pause: (ms: number) => sleep(ms),
  };
};
