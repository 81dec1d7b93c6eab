import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RotatedSecret } from '../../domain/rotation.ts';
import type { RotationJournal, RotationRecord } from '../../ports/rotation-journal.ts';
import { awsCall } from './aws-call.ts';
import { ifStill, written } from './conditional-write.ts';

/** One item of the journal's table for each rotated secret. */
export const dynamoRotationJournal = (
  client: DynamoDBDocumentClient,
  { table: TableName, secret }: { table: string; secret: RotatedSecret },
): RotationJournal => {
  const id = `rotation#${secret}`;
  return {
    read: async () => {
      const command = new GetCommand({ TableName, Key: { id }, ConsistentRead: true });
      const { Item } = await awsCall('GetItem', () => client.send(command));
      return (Item?.['rotation'] as RotationRecord | undefined) ?? { revision: 0 };
    },
    write: async (record) => {
      const asRead = ifStill('rotation', record.revision);
      const Item = { id, rotation: { ...record, revision: record.revision + 1 } };
      return written('PutItem', () => client.send(new PutCommand({ TableName, Item, ...asRead })));
    },
  };
};
