import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoReconcileCursor } from '../../lib/adapters/aws/dynamo-reconcile-cursor.ts';
import type { ReconcileCursor } from '../../lib/ports/reconcile-cursor.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { memoryReconcileCursor } from '../support/memory-reconcile-cursor.ts';

/** One meaning, twice: the fake that the reconciler's own tests use must answer as the table does. */

let aws: LocalAws;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptionsOf(aws)));
}, 60_000);

afterAll(async () => {
  client.destroy();
  await aws.close();
});

const inDynamo = async (): Promise<ReconcileCursor> => {
  await client.send(
    new CreateTableCommand({
      TableName: 'journal',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  return dynamoReconcileCursor(client, 'journal');
};

test.each([
  ['in memory', () => Promise.resolve<ReconcileCursor>(memoryReconcileCursor())],
  ['in DynamoDB', inDynamo],
])('the cursor %s is nowhere at first, and then where it was put last', async (_where, make) => {
  const cursor = await make();
  expect(await cursor.read()).toBeUndefined();
  await cursor.write(4711);
  await cursor.write(12);
  expect(await cursor.read()).toBe(12);
});
