import { dynamoReconcileCursor } from '../../lib/adapters/aws/dynamo-reconcile-cursor.ts';
import type { ReconcileCursor } from '../../lib/ports/reconcile-cursor.ts';
import { journalTables } from '../support/journal-tables.ts';
import { memoryReconcileCursor } from '../support/memory-reconcile-cursor.ts';

/** One meaning, twice: the fake that the reconciler's own tests use must answer as the table does. */

const nextTable = journalTables();

const inDynamo = async (): Promise<ReconcileCursor> => {
  const { client, table } = await nextTable();
  return dynamoReconcileCursor(client, table);
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
