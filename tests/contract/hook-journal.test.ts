import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoHookJournal } from '../../lib/adapters/aws/dynamo-hook-journal.ts';
import type { HookJournal } from '../../lib/ports/hook-journal.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { memoryHookJournal } from '../support/memory-hook-journal.ts';

/** One meaning, twice: the fake that the verb's own tests use must answer as the table does. */

let aws: LocalAws;
let client: DynamoDBDocumentClient;
let tables = 0;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptionsOf(aws)));
}, 60_000);

afterAll(async () => {
  client.destroy();
  await aws.close();
});

const now = new Date('2026-01-05T09:40:00Z');

const inDynamo = async (): Promise<HookJournal> => {
  tables += 1;
  await client.send(
    new CreateTableCommand({
      TableName: `journal-${tables}`,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  return dynamoHookJournal(client, { table: `journal-${tables}`, clock: () => now });
};

const journals: [string, () => Promise<HookJournal>][] = [
  ['in memory', () => Promise.resolve(memoryHookJournal())],
  ['in DynamoDB', inDynamo],
];

describe.each(journals)('the journal of hooks %s', (_where, make) => {
  let journal: HookJournal;
  beforeEach(async () => {
    journal = await make();
  });

  test('a key is claimed once, however many want it', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => journal.claim(4711, 'a')));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await journal.claim(4711, 'a')).toBe(false);
  });

  test('another key, and the same of another project, are others', async () => {
    await journal.claim(4711, 'a');
    expect([await journal.claim(4711, 'b'), await journal.claim(4712, 'a')]).toEqual([true, true]);
  });

  test('what was released can be claimed again, once; of what was never claimed nothing comes', async () => {
    await journal.release(4711, 'a');
    await journal.claim(4711, 'a');
    await journal.release(4711, 'a');
    expect([await journal.claim(4711, 'a'), await journal.claim(4711, 'a')]).toEqual([true, false]);
  });

  test('the cursor is the project that was handed on last', async () => {
    expect(await journal.cursor()).toBeUndefined();
    await journal.handOn(4711);
    await journal.handOn(12);
    expect(await journal.cursor()).toBe(12);
  });
});

test('in DynamoDB a claim ends by itself after GitLab’s own memory, which is fourteen days', async () => {
  await (await inDynamo()).claim(4711, 'a');
  const { Item } = await client.send(new GetCommand({ TableName: `journal-${tables}`, Key: { id: 'resent#4711#a' } }));
  expect((Number(Item?.['expires']) * 1000 - now.getTime()) / 86_400_000).toBe(15);
});
