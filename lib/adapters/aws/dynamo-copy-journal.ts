import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { DeployFailure } from '../../domain/failure.ts';
import type { CopiedLayer, CopyJournal, UploadProgress } from '../../ports/copy-journal.ts';
import { awsCall } from './aws-call.ts';
import { written } from './conditional-write.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const mostAtOnce = 100;
/** How long a copy that nobody goes on with is remembered: longer than ECR keeps its uploads. */
const keptSeconds = 7 * 24 * 3600;
const tries = 5;

const copyId = (copy: string) => `copy#${copy}`;
const layerId = (copy: string, digest: string) => `copy#${copy}#${digest}`;

type Item = { id: string } & UploadProgress;
type Condition = { ConditionExpression?: string; ExpressionAttributeValues?: Record<string, unknown> };

const isUpload = (uploadId: string) => ({ ExpressionAttributeValues: { ':upload': uploadId } });

/** The copies' progress in the journal's table, whose items are found by id alone; DynamoDB drops them at `expires`. */
export const dynamoCopyJournal = (
  client: DynamoDBDocumentClient,
  { table: TableName, now }: { table: string; now: () => Date },
): CopyJournal => {
  const get = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const command = new GetCommand({ TableName, Key: { id }, ConsistentRead: true });
    return (await awsCall('GetItem', () => client.send(command))).Item;
  };

  const put = (item: object, condition: Condition = {}): Promise<boolean> => {
    const expires = Math.floor(now().getTime() / 1000) + keptSeconds;
    const command = new PutCommand({ TableName, Item: { ...item, expires }, ...condition });
    return written('PutItem', () => client.send(command));
  };

  /** A batch may come back in part, when the table is busy; what is left is asked for again. */
  const batch = async (ids: readonly string[]): Promise<Item[]> => {
    const found: Item[] = [];
    let Keys: Record<string, unknown>[] = ids.map((id) => ({ id }));
    for (let attempt = 1; Keys.length > 0; attempt += 1) {
      if (attempt > tries) throw new DeployFailure('AwsUnavailable', 'BatchGetItem: the table is too busy');
      const command = new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await awsCall('BatchGetItem', () => client.send(command));
      found.push(...((Responses?.[TableName] ?? []) as Item[]));
      Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
    }
    return found;
  };

  return {
    begin: async (copy, layers) => {
      await put({ id: copyId(copy), layers });
    },
    layers: async (copy) => ((await get(copyId(copy)))?.['layers'] ?? []) as readonly CopiedLayer[],
    uploads: async (copy, digests) => {
      const found = new Map<string, UploadProgress>();
      for (let at = 0; at < digests.length; at += mostAtOnce) {
        const some = digests.slice(at, at + mostAtOnce).map((digest) => layerId(copy, digest));
        for (const { id, uploadId, partSize, next } of await batch(some))
          found.set(id.slice(layerId(copy, '').length), { uploadId, partSize, next });
      }
      return found;
    },
    save: async (copy, digest, { uploadId, partSize, next }) => {
      const id = layerId(copy, digest);
      const mine = { ConditionExpression: 'attribute_not_exists(id) OR uploadId = :upload', ...isUpload(uploadId) };
      if (await put({ id, uploadId, partSize, next }, mine)) return undefined;
      const kept = (await get(id)) as Item | undefined;
      return kept === undefined ? undefined : { uploadId: kept.uploadId, partSize: kept.partSize, next: kept.next };
    },
    forget: async (copy, digest, { uploadId }) => {
      const Key = { id: layerId(copy, digest) };
      const mine = { ConditionExpression: 'uploadId = :upload', ...isUpload(uploadId) };
      await written('DeleteItem', () => client.send(new DeleteCommand({ TableName, Key, ...mine })));
    },
  };
};
