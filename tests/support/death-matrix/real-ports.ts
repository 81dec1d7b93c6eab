import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cloudwatchAlarms } from '../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { dynamoCopyJournal } from '../../../lib/adapters/aws/dynamo-copy-journal.ts';
import { dynamoJournal } from '../../../lib/adapters/aws/dynamo-journal.ts';
import { eventBridgeAnnouncements } from '../../../lib/adapters/aws/event-bridge-announcements.ts';
import { parameterStoreTargets } from '../../../lib/adapters/aws/parameter-store-targets.ts';
import { secretsManagerGitlabCredentials } from '../../../lib/adapters/aws/secrets-manager-gitlab-credentials.ts';
import { httpProbe } from '../../../lib/adapters/probe/http-probe.ts';
import { clientOptionsOf, type LocalAws } from '../../../local/aws.ts';
import { memoryWorkflows, type MemoryWorkflows } from '../memory-ports.ts';
import { project, registry, targetDocument } from '../samples.ts';
import type { OutsidePorts } from '../workflow-world.ts';
import { watchedClient } from './aws-calls.ts';
import type { OutwardCalls } from './outward-calls.ts';
import { watchedProbe } from './probe-calls.ts';

export interface RealPortsOptions {
  /** unique in this AWS: names the world's table, secret and targets */
  name: string;
  gitlab: { url: string; token: string; registryHost: string };
  /** the target's image is in GitLab's registry */
  copied: boolean;
  /** of the target, as ops write it */
  strategy: object;
}

const createTable = (TableName: string) =>
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });

/**
 * Journal, targets, announcements and GitLab's credentials by their adapters, in a local AWS. Only Step Functions is
 * played, by whoever runs the workflow in process.
 */
export const realPorts = async (
  aws: LocalAws,
  { name, gitlab, copied, strategy }: RealPortsOptions,
  outward: OutwardCalls,
): Promise<OutsidePorts & { workflows: MemoryWorkflows }> => {
  const options = { ...clientOptionsOf(aws), maxAttempts: 1 };
  const dynamo = watchedClient(new DynamoDBClient(options), outward);
  const secrets = watchedClient(new SecretsManagerClient(options), outward);
  const parameters = watchedClient(new SSMClient(options), outward);
  const path = `/${name}/targets`;
  const secret = { gitlab_url: gitlab.url, gitlab_token: gitlab.token, registry_host: gitlab.registryHost };
  const image = { image: `${gitlab.registryHost}/acme/web/app:{sha}`, ecr_repository: 'acme/web' };
  await Promise.all([
    dynamo.send(createTable(name)),
    secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(secret) })),
    parameters.send(
      new PutParameterCommand({
        Name: `${path}/${project}/${targetDocument.service}`,
        Value: JSON.stringify({ ...targetDocument, ...(copied ? image : {}), strategy }),
        Type: 'String',
      }),
    ),
  ]);
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  return {
    journal: dynamoJournal(documents, name),
    workflows: memoryWorkflows(),
    copies: dynamoCopyJournal(documents, { table: name, now: () => new Date() }),
    alarms: cloudwatchAlarms(watchedClient(new CloudWatchClient(options), outward)),
    probe: watchedProbe(httpProbe({ local: true, privateHosts: [] }), outward),
    invocation: { remaining: () => 900_000 },
    announcements: {
      ...eventBridgeAnnouncements(watchedClient(new EventBridgeClient(options), outward), 'arn:workflow'),
      lost: () => undefined,
    },
    targets: parameterStoreTargets(parameters, { path, registry }),
    secret: { read: secretsManagerGitlabCredentials(secrets, { id: name, plainLoopback: true }) },
  };
};
