import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
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

/** Taps: what is on the bus, and of that what we tell ourselves. */
const taps = { 'every-event': [{ prefix: '' }], 'our-events': ['drawbridge'] } as const;
// MiniStack names queues by a host of its own.
const clientOf = (options: ClientOptions) => new SQSClient({ ...options, useQueueUrlAsEndpoint: false });

/** A queue that EventBridge may send to; its ARN. */
const queueFor = async (sqs: SQSClient, QueueName: string): Promise<string> => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Resource = Attributes?.['QueueArn'] ?? '';
  const Principal = { Service: 'events.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return Resource;
};

/** From now on every event on the default bus is kept, also those that AWS's services send; ours once more, apart. */
export const openEventTap = async (options: ClientOptions): Promise<void> => {
  const events = new EventBridgeClient(options);
  for (const [name, source] of Object.entries(taps)) {
    const Arn = await queueFor(clientOf(options), name);
    await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source }) }));
    await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: name, Arn }] }));
  }
};

/** From now on a queue of this name gets, beside its own target, what this rule's target gets, in the same words. */
export const tapTarget = async (options: ClientOptions, Rule: string, name: string): Promise<void> => {
  const events = new EventBridgeClient(options);
  const { Targets: [target] = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
  if (target?.InputTransformer === undefined) throw new Error(`${Rule} has no target that transforms its input`);
  const { InputTransformer } = target;
  const Arn = await queueFor(clientOf(options), name);
  await events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: name, Arn, InputTransformer }] }));
};

/** Everything that came since then, as JSON; once, for who reads it takes it away. */
export const tappedEvents = async (options: ClientOptions, tap: string = 'every-event'): Promise<string[]> => {
  const sqs = clientOf(options);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: tap }));
  const events: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return events;
    events.push(...Messages.map(({ Body = '' }) => Body));
  }
};
