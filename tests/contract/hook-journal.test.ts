import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoHookJournal } from '../../lib/adapters/aws/dynamo-hook-journal.ts';
import type { HookJournal } from '../../lib/ports/hook-journal.ts';
import { journalTables, type JournalTable } from '../support/journal-tables.ts';
import { memoryHookJournal } from '../support/memory-hook-journal.ts';

/** One meaning, twice: the fake that the verb's own tests use must answer as the table does. */

const nextTable = journalTables();
/** the newest one */
let inUse: JournalTable;

const now = new Date('2026-01-05T09:40:00Z');

const inDynamo = async (): Promise<HookJournal> => {
  inUse = await nextTable();
  const { client, table } = inUse;
  return dynamoHookJournal(client, { table, clock: () => now });
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
  const { Item } = await inUse.client.send(new GetCommand({ TableName: inUse.table, Key: { id: 'resent#4711#a' } }));
  expect((Number(Item?.['expires']) * 1000 - now.getTime()) / 86_400_000).toBe(15);
});
