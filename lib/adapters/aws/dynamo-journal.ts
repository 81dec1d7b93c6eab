import { GetCommand, PutCommand, TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freeLock } from '../../domain/admission.ts';
import { serviceLabel, type DeploymentRecord, type End, type ServiceName } from '../../domain/deployment.ts';
import { DeployFailure } from '../../domain/failure.ts';
import { deployedJob, freshOrder, settledOrder, type DeployedJob, type TargetOrder } from '../../domain/order.ts';
import { pastOf, settledLock, type JournalledLock } from '../../domain/settlement.ts';
import type { Journal, RecordChange } from '../../ports/journal.ts';
import { awsCall, isAwsError } from './aws-call.ts';
import { everyItem } from './every-item.ts';

const failedCondition = 'ConditionalCheckFailedException';
const cancelled = 'TransactionCanceledException';
const tries = 5;

type Items = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]>['TransactItems'];

const lockId = (service: ServiceName) => `lock#${serviceLabel(service)}`;
const orderId = (target: string) => `target#${target}`;
const jobId = (target: string, pipeline: number) => `target#${target}#pipeline#${pipeline}`;
const recordId = (deployment: string) => `deployment#${deployment}`;

const sameVersion = (version: number) => ({
  ConditionExpression: version === 0 ? 'attribute_not_exists(version)' : 'version = :read',
  ...(version === 0 ? {} : { ExpressionAttributeValues: { ':read': version } }),
});

/** Only the first of the transaction's conditions failed because of what it asks; the rest is contention. */
const conditionFailed = (error: unknown): boolean =>
  isAwsError(error, cancelled) &&
  ((error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? []).some(
    ({ Code }) => Code === 'ConditionalCheckFailed',
  );

/** The journal in one DynamoDB table, key `id`. Conditional writes and consistent reads only. */
export const dynamoJournal = (client: DynamoDBDocumentClient, TableName: string): Journal => {
  const get = async <T>(id: string): Promise<T | undefined> => {
    const command = new GetCommand({ TableName, Key: { id }, ConsistentRead: true });
    const { Item } = await awsCall('GetItem', () => client.send(command));
    return Item as T | undefined;
  };

  /** One transaction: written, or not because something it asks for is not so, or because another was in the way. */
  const attempt = async (TransactItems: Items): Promise<'written' | 'refused' | 'in the way'> => {
    try {
      await awsCall('TransactWriteItems', () => client.send(new TransactWriteCommand({ TransactItems })), [cancelled]);
      return 'written';
    } catch (error) {
      if (conditionFailed(error)) return 'refused';
      if (isAwsError(error, cancelled)) return 'in the way';
      throw error;
    }
  };

  const transact = async (items: Items): Promise<boolean> => {
    const result = await attempt(items);
    if (result === 'in the way')
      throw new DeployFailure('AwsUnavailable', 'TransactWriteItems: another transaction was in the way');
    return result === 'written';
  };

  const readLock = async (service: ServiceName): Promise<JournalledLock> =>
    (await get<JournalledLock>(lockId(service))) ?? freeLock;

  const readOrder = async (target: string): Promise<TargetOrder> =>
    (await get<TargetOrder>(orderId(target))) ?? freshOrder;

  /** The whole item anew, if it is still the version that was read. */
  const put = (id: string, item: { version: number }) => ({
    TableName,
    Item: { ...item, id, version: item.version + 1 },
    ...sameVersion(item.version),
  });

  const jobUpdate = ({ target }: DeploymentRecord, { pipeline, job }: DeployedJob) => ({
    TableName,
    Key: { id: jobId(target, pipeline) },
    UpdateExpression: job === 0 ? 'SET job = if_not_exists(job, :job)' : 'SET job = :job',
    ExpressionAttributeValues: { ':job': job },
  });

  /** One try at the transaction that ends a deployment; false when something it read has changed since. */
  const end = async (record: DeploymentRecord, holder: string, value: End): Promise<boolean> => {
    const lock = await readLock(record.service);
    const order = settledOrder(await readOrder(record.target), record, value);
    const job = deployedJob(record, value);
    return transact([
      {
        Update: {
          TableName,
          Key: { id: recordId(record.deployment) },
          UpdateExpression: 'SET #end = :end',
          ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(#end)',
          ExpressionAttributeNames: { '#end': 'end' },
          ExpressionAttributeValues: { ':end': value },
        },
      },
      { Put: put(lockId(record.service), settledLock(lock, { record, holder }, value)) },
      ...(order === undefined ? [] : [{ Put: put(orderId(record.target), order) }]),
      ...(job === undefined ? [] : [{ Update: jobUpdate(record, job) }]),
    ]);
  };

  const read = (deployment: string) => get<DeploymentRecord>(recordId(deployment));

  return {
    read,
    open: async (record) => {
      const Item = { ...record, id: recordId(record.deployment) };
      const command = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' });
      try {
        await awsCall('PutItem', () => client.send(command), [failedCondition]);
      } catch (error) {
        if (!isAwsError(error, failedCondition)) throw error;
      }
    },
    queue: async (service, target) => {
      const lock = await readLock(service);
      return { lock, order: await readOrder(target) };
    },
    writeQueue: async (service, target, { lock, order }) => {
      const result = await attempt([
        ...(lock === undefined ? [] : [{ Put: put(lockId(service), lock) }]),
        ...(order === undefined ? [] : [{ Put: put(orderId(target), order) }]),
      ]);
      return result === 'written';
    },
    ordersOf: async (targets) => {
      const ids = targets.map(orderId);
      const items = await everyItem<TargetOrder>(client, TableName, ids);
      return new Map(targets.map((target) => [target, items.get(orderId(target)) ?? freshOrder]));
    },
    jobDeployed: async (target, pipeline) => (await get<{ job: number }>(jobId(target, pipeline)))?.job,
    note: async ({ deployment, service }, holder, change) => {
      const entries = Object.entries(change satisfies RecordChange);
      const written = await transact([
        {
          ConditionCheck: {
            TableName,
            Key: { id: lockId(service) },
            ConditionExpression: 'holder.execution = :holder',
            ExpressionAttributeValues: { ':holder': holder },
          },
        },
        {
          Update: {
            TableName,
            Key: { id: recordId(deployment) },
            UpdateExpression: `SET ${entries.map(([field]) => `#${field} = :${field}`).join(', ')}`,
            ExpressionAttributeNames: Object.fromEntries(entries.map(([field]) => [`#${field}`, field])),
            ExpressionAttributeValues: Object.fromEntries(entries.map(([field, value]) => [`:${field}`, value])),
          },
        },
      ]);
      if (!written) throw new DeployFailure('LockLost', 'this execution does not hold the lock of the service');
    },
    settle: async (record, holder, value) => {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        if (await end(record, holder, value)) return value;
        const { end: written } = (await read(record.deployment)) ?? {};
        if (written !== undefined) return written;
      }
      throw new DeployFailure('AwsUnavailable', 'the journal changed at every try');
    },
    past: async (service) => pastOf(await readLock(service)),
  };
};
