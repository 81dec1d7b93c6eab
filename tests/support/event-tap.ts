import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { clientOptionsOf } from '../../local/aws.ts';

type ClientOptions = ReturnType<typeof clientOptionsOf>;

const name = 'every-event';
// MiniStack names queues by a host of its own.
const clientOf = (options: ClientOptions) => new SQSClient({ ...options, useQueueUrlAsEndpoint: false });

/** From now on every event on the default bus is kept, also those that AWS's services send. */
export const openEventTap = async (options: ClientOptions): Promise<void> => {
  const sqs = clientOf(options);
  const events = new EventBridgeClient(options);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Resource = Attributes?.['QueueArn'] ?? '';
  const Principal = { Service: 'events.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [{ prefix: '' }] }) }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: name, Arn: Resource }] }));
};

/** Every event since then, as JSON; once, for who reads them takes them away. */
export const tappedEvents = async (options: ClientOptions): Promise<string[]> => {
  const sqs = clientOf(options);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const events: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return events;
    events.push(...Messages.map(({ Body = '' }) => Body));
  }
};
