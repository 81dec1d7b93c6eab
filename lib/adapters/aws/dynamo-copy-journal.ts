import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CopiedLayer, CopyJournal, UploadProgress } from '../../ports/copy-journal.ts';
import { awsCall } from './aws-call.ts';
import { written } from './conditional-write.ts';
import { everyItem } from './every-item.ts';

/** How long a copy that nobody goes on with is remembered: longer than ECR keeps its uploads. */
const keptSeconds = 7 * 24 * 3600;

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

  return {
    begin: async (copy, layers) => {
      await put({ id: copyId(copy), layers });
    },
    layers: async (copy) => ((await get(copyId(copy)))?.['layers'] ?? []) as readonly CopiedLayer[],
    uploads: async (copy, digests) => {
      const ids = digests.map((digest) => layerId(copy, digest));
      const items = await everyItem<Item>(client, TableName, ids);
      return new Map(
        [...items].map(([id, { uploadId, partSize, next }]) => [
          id.slice(layerId(copy, '').length),
          { uploadId, partSize, next },
        ]),
      );
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
