import { dynamoHistory } from '../../lib/adapters/aws/dynamo-history.ts';
import { dynamoJournal } from '../../lib/adapters/aws/dynamo-journal.ts';
import { dynamoCopyJournal } from '../../lib/adapters/aws/dynamo-copy-journal.ts';
import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import type { CopyJournal } from '../../lib/ports/copy-journal.ts';
import type { History } from '../../lib/ports/history.ts';
import type { Journal } from '../../lib/ports/journal.ts';
import { journalTables } from '../support/journal-tables.ts';
import { memoryCopyJournal } from '../support/memory-copy-journal.ts';
import { memoryHistory } from '../support/memory-history.ts';
import { memoryJournal } from '../support/memory-journal.ts';
import { digest, end, jobCause, record } from '../support/samples.ts';

/** Looking back, over the keys and the index that the stack deploys. */

const nextTable = journalTables();

interface Book {
  journal: Journal;
  copies: CopyJournal;
  history: History;
}

const inDynamo = async (): Promise<Book> => {
  const { client, table } = await nextTable();
  return {
    journal: dynamoJournal(client, table),
    copies: dynamoCopyJournal(client, { table, now: () => new Date() }),
    history: dynamoHistory(client, table),
  };
};

const inMemory = (): Promise<Book> => {
  const journal = memoryJournal();
  return Promise.resolve({ journal, copies: memoryCopyJournal(), history: memoryHistory(journal) });
};

const openedAt = (second: number): string =>
  new Date(Date.parse('2026-01-05T09:00:00Z') + second * 1_000).toISOString();

const numbered = (number: number, change: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  record({ deployment: `web-${number}`, openedAt: openedAt(number), ...change });

const all = async (history: History, target = '4711/web'): Promise<DeploymentRecord[]> => {
  const found: DeploymentRecord[] = [];
  for await (const one of history.ofTarget(target)) found.push(one);
  return found;
};

describe.each([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamo],
])('the history %s', (_where, make) => {
  let book: Book;
  beforeEach(async () => {
    book = await make();
  });

  test('of a target that was never deployed is empty', async () => {
    expect(await all(book.history)).toEqual([]);
  });

  test('is the whole of each record, those opened last first, and of this target alone', async () => {
    for (const number of [2, 1, 3]) await book.journal.open(numbered(number));
    await book.journal.open(numbered(4, { target: '4711/other' }));
    expect(await all(book.history)).toEqual([numbered(3), numbered(2), numbered(1)]);
  });

  test('has the end of what has ended, and nothing of locks, orders, jobs and copies', async () => {
    const of = numbered(1, { cause: jobCause });
    await book.journal.open(of);
    await book.copies.begin('web-1', [{ digest, size: 1, present: false }]);
    await book.journal.settle(of, 'web-1', end());
    expect(await all(book.history)).toEqual([{ ...of, end: end() }]);
  });

  test('is read on over its pages, and no further than is asked for', async () => {
    for (let number = 1; number <= 60; number += 1) await book.journal.open(numbered(number));
    const names = (await all(book.history)).map(({ deployment }) => deployment);
    expect(names).toEqual(Array.from({ length: 60 }, (_, index) => `web-${60 - index}`));
    for await (const { deployment } of book.history.ofTarget('4711/web')) {
      expect(deployment).toBe('web-60');
      break;
    }
  });
});
