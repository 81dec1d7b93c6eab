import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ReconcileCursor } from '../../ports/reconcile-cursor.ts';
import { awsCall } from './aws-call.ts';

const id = 'reconcile#cursor';

/** One item of the journal's table. */
export const dynamoReconcileCursor = (client: DynamoDBDocumentClient, TableName: string): ReconcileCursor => ({
  read: async () => {
    const command = new GetCommand({ TableName, Key: { id }, ConsistentRead: true });
    const { Item } = await awsCall('GetItem', () => client.send(command));
    return Item?.['project'] as number | undefined;
  },
  write: async (project) => {
    const command = new PutCommand({ TableName, Item: { id, project } });
    await awsCall('PutItem', () => client.send(command));
  },
});
