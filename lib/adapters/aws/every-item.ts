import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeployFailure } from '../../domain/failure.ts';
import { awsCall } from './aws-call.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const mostAtOnce = 100;
const tries = 5;

type Key = Record<string, unknown>;

/**
 * The items of a table whose key is `id`, by id; what is not there is not among them. Consistent reads. What DynamoDB left for
 * later is asked for again; raises AwsUnavailable when it leaves something every time.
 */
export const everyItem = async <Item>(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Item>> => {
  const found = new Map<string, Item>();

  const read = async (Keys: Key[]): Promise<Key[]> => {
    const command = new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await awsCall('BatchGetItem', () => client.send(command));
    for (const item of Responses?.[table] ?? []) found.set(String(item['id']), item as Item);
    return UnprocessedKeys?.[table]?.Keys ?? [];
  };

  for (let from = 0; from < ids.length; from += mostAtOnce) {
    let left: Key[] = [...new Set(ids.slice(from, from + mostAtOnce))].map((id) => ({ id }));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > tries) throw new DeployFailure('AwsUnavailable', 'BatchGetItem: the table is too busy');
      left = await read(left);
    }
  }
  return found;
};
