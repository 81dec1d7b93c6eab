import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoCopyJournal } from '../../lib/adapters/aws/dynamo-copy-journal.ts';
import type { CopyJournal, UploadProgress } from '../../lib/ports/copy-journal.ts';
import { journalTables, type JournalTable } from '../support/journal-tables.ts';
import { memoryCopyJournal } from '../support/memory-copy-journal.ts';

/** One meaning, twice: the fake that the copy's own tests use must answer as the table does. */

const nextTable = journalTables();
/** the newest one */
let inUse: JournalTable;

const now = new Date('2026-01-05T09:40:00Z');

const inDynamo = async (): Promise<CopyJournal> => {
  inUse = await nextTable();
  const { client, table } = inUse;
  return dynamoCopyJournal(client, { table, now: () => now });
};

const journals: [string, () => Promise<CopyJournal>][] = [
  ['in memory', () => Promise.resolve(memoryCopyJournal())],
  ['in DynamoDB', inDynamo],
];

const digest = (seed: number): string => `sha256:${String(seed).padStart(64, '0')}`;
const progress = (next: number, uploadId = 'upload-1'): UploadProgress => ({ uploadId, partSize: 10, next });

describe.each(journals)('the journal of copies %s', (_where, make) => {
  let journal: CopyJournal;
  beforeEach(async () => {
    journal = await make();
  });
  const kept = async (seed = 1, copy = 'web-1') => (await journal.uploads(copy, [digest(seed)])).get(digest(seed));

  test('knows nothing at first', async () => {
    expect(await journal.layers('web-1')).toEqual([]);
    expect(await journal.uploads('web-1', [digest(1)])).toEqual(new Map());
    expect(await journal.uploads('web-1', [])).toEqual(new Map());
  });

  test('keeps what a copy is about, the latest word', async () => {
    const layer = { digest: digest(1), size: 50 * 2 ** 30, present: false };
    await journal.begin('web-1', [layer]);
    expect(await journal.layers('web-1')).toEqual([layer]);
    const layers = [layer, { digest: digest(2), size: 1, present: true }];
    await journal.begin('web-1', layers);
    expect(await journal.layers('web-1')).toEqual(layers);
    expect(await journal.layers('web')).toEqual([]);
  });

  test('keeps five hundred layers', async () => {
    const layers = Array.from({ length: 500 }, (_, at) => ({ digest: digest(at), size: 2 ** 40 + at, present: false }));
    await journal.begin('web-1', layers);
    expect(await journal.layers('web-1')).toEqual(layers);
  });

  test('keeps how far an upload has come, each copy and layer for itself', async () => {
    await journal.save('web-1', digest(1), progress(10));
    expect(await journal.save('web-1', digest(1), progress(20))).toBeUndefined();
    await journal.save('web-1', digest(2), progress(5, 'upload-2'));
    await journal.save('web-2', digest(1), progress(7, 'upload-3'));
    expect(await journal.uploads('web-1', [1, 2, 3].map(digest))).toEqual(
      new Map([
        [digest(1), progress(20)],
        [digest(2), progress(5, 'upload-2')],
      ]),
    );
    expect(await kept(1, 'web-2')).toEqual(progress(7, 'upload-3'));
    expect(await journal.layers('web-1')).toEqual([]);
  });

  test('keeps the upload that came first, and answers with it', async () => {
    await journal.save('web-1', digest(1), progress(10));
    expect(await journal.save('web-1', digest(1), progress(0, 'upload-2'))).toEqual(progress(10));
    expect(await kept()).toEqual(progress(10));
  });

  test('lets one of ten at once have the layer, and tells the others which', async () => {
    const saved = await Promise.all(
      Array.from({ length: 10 }, (_, at) => journal.save('web-1', digest(1), progress(0, `upload-${at}`))),
    );
    const winner = await kept();
    expect(winner?.uploadId).toBe(`upload-${saved.indexOf(undefined)}`);
    expect(saved.filter((answer) => answer !== undefined)).toEqual(Array.from({ length: 9 }, () => winner));
  });

  test('forgets an upload, and no other of the layer', async () => {
    await journal.save('web-1', digest(1), progress(10));
    await journal.forget('web-1', digest(1), progress(0, 'upload-2'));
    expect(await kept()).toEqual(progress(10));
    await journal.forget('web-1', digest(1), progress(0));
    expect(await kept()).toBeUndefined();
    await journal.forget('web-1', digest(1), progress(0));
    expect(await journal.save('web-1', digest(1), progress(0, 'upload-2'))).toBeUndefined();
  });

  test('is asked for more than a hundred uploads at once', async () => {
    const seeds = Array.from({ length: 230 }, (_, at) => at);
    await Promise.all([0, 99, 100, 229].map((seed) => journal.save('web-1', digest(seed), progress(seed))));
    const found = await journal.uploads('web-1', seeds.map(digest));
    expect([...found.values()].map(({ next }) => next).sort((a, b) => a - b)).toEqual([0, 99, 100, 229]);
  });
});

test('what a copy leaves behind is dropped by DynamoDB after seven days', async () => {
  const journal = await inDynamo();
  await journal.begin('web-1', []);
  await journal.save('web-1', digest(1), progress(0));
  for (const id of ['copy#web-1', `copy#web-1#${digest(1)}`]) {
    const { Item } = await inUse.client.send(new GetCommand({ TableName: inUse.table, Key: { id } }));
    expect(Item?.['expires']).toBe(now.getTime() / 1_000 + 7 * 24 * 3_600);
  }
});
