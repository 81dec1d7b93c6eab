import { GetCommand, PutCommand, TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freeLock } from '../../domain/admission.ts';
import type { OrderKey } from '../../domain/cause.ts';
import { serviceLabel, type DeploymentRecord, type End, type ServiceName } from '../../domain/deployment.ts';
import { DeployFailure } from '../../domain/failure.ts';
import { movesOrder, settledLock, type JournalledLock } from '../../domain/settlement.ts';
import type { Journal, RecordChange, TargetOrder } from '../../ports/journal.ts';
import { awsCall, isAwsError } from './aws-call.ts';

const failedCondition = 'ConditionalCheckFailedException';
const cancelled = 'TransactionCanceledException';
const tries = 5;

const lockId = (service: ServiceName) => `lock#${serviceLabel(service)}`;
const orderId = (target: string) => `target#${target}`;
const recordId = (deployment: string) => `deployment#${deployment}`;

const sameVersion = (version: number) => ({
  ConditionExpression: version === 0 ? 'attribute_not_exists(id)' : 'version = :read',
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

  const transact = async (
    TransactItems: NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]>['TransactItems'],
  ): Promise<boolean> => {
    try {
      await awsCall('TransactWriteItems', () => client.send(new TransactWriteCommand({ TransactItems })), [cancelled]);
      return true;
    } catch (error) {
      if (conditionFailed(error)) return false;
      if (!isAwsError(error, cancelled)) throw error;
      throw new DeployFailure('AwsUnavailable', 'TransactWriteItems: another transaction was in the way', {
        cause: error,
      });
    }
  };

  const readLock = async (service: ServiceName): Promise<JournalledLock> =>
    (await get<JournalledLock>(lockId(service))) ?? freeLock;

  const lockPut = (service: ServiceName, lock: JournalledLock) => ({
    TableName,
    Item: { ...lock, id: lockId(service), version: lock.version + 1 },
    ...sameVersion(lock.version),
  });

  const orderPut = (target: string, order: TargetOrder, newest: OrderKey) => ({
    TableName,
    Item: { ...order, id: orderId(target), newestDeployed: newest },
    ConditionExpression: order.newestDeployed === undefined ? 'attribute_not_exists(id)' : 'newestDeployed = :read',
    ...(order.newestDeployed === undefined ? {} : { ExpressionAttributeValues: { ':read': order.newestDeployed } }),
  });

  /** One try at the transaction that ends a deployment; false when something it read has changed since. */
  const end = async (record: DeploymentRecord, holder: string, value: End): Promise<boolean> => {
    const lock = await readLock(record.service);
    const order = (await get<TargetOrder>(orderId(record.target))) ?? {};
    const moves = movesOrder(record, value, order.newestDeployed);
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
      { Put: lockPut(record.service, settledLock(lock, { record, holder }, value)) },
      ...(moves ? [{ Put: orderPut(record.target, order, record.key) }] : []),
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
      return { lock, order: (await get<TargetOrder>(orderId(target))) ?? {} };
    },
    writeLock: async (service, lock) => {
      try {
        await awsCall('PutItem', () => client.send(new PutCommand(lockPut(service, lock))), [failedCondition]);
        return true;
      } catch (error) {
        if (isAwsError(error, failedCondition)) return false;
        throw error;
      }
    },
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
    deployedRevisions: async (service) => [...((await readLock(service)).deployed ?? [])],
  };
};
