import { dynamoFeedbackJournal } from '../../lib/adapters/aws/dynamo-feedback-journal.ts';
import { freshState, withoutAttempt, type FeedbackState } from '../../lib/domain/feedback.ts';
import type { FeedbackJournal } from '../../lib/ports/feedback-journal.ts';
import { journalTables } from '../support/journal-tables.ts';
import { memoryFeedbackJournal } from '../support/memory-feedback-journal.ts';

/** One meaning, twice: the fake that feedback's own tests use must answer as the table does. */

const nextTable = journalTables();

const inDynamo = async (): Promise<FeedbackJournal> => {
  const { client, table } = await nextTable();
  return dynamoFeedbackJournal(client, table);
};

const journals: [string, () => Promise<FeedbackJournal>][] = [
  ['in memory', () => Promise.resolve(memoryFeedbackJournal())],
  ['in DynamoDB', inDynamo],
];

const state: FeedbackState = {
  revision: 0,
  environment: 'production',
  commit: { sha: 'a'.repeat(40), ref: 'main', tag: false },
  attempt: { startedAt: '2026-01-05T09:40:00.123Z', notBefore: '2026-01-05T09:40:00.000Z', user: 17 },
};

describe.each(journals)('the journal of feedback %s', (_where, make) => {
  let journal: FeedbackJournal;
  beforeEach(async () => {
    journal = await make();
  });

  test('knows nothing at first', async () => {
    expect(await journal.read('web-1')).toEqual(freshState);
  });

  test('keeps a state whole, each deployment’s its own', async () => {
    expect(await journal.write('web-1', state)).toBe(true);
    expect(await journal.read('web-1')).toEqual({ ...state, revision: 1 });
    expect(await journal.read('web-2')).toEqual(freshState);
    const next = { ...withoutAttempt(state), revision: 1, id: 7, shown: 'running' as const };
    expect(await journal.write('web-1', next)).toBe(true);
    expect(await journal.read('web-1')).toEqual({ ...next, revision: 2 });
  });

  test('of two that read the same, one writes', async () => {
    const both = await Promise.all([journal.write('web-1', state), journal.write('web-1', { ...state, noted: true })]);
    expect(both.sort()).toEqual([false, true]);
    const { revision } = await journal.read('web-1');
    expect(revision).toBe(1);
    expect(await journal.write('web-1', state)).toBe(false);
    expect(await journal.write('web-1', { ...state, revision: 2 })).toBe(false);
  });

  test('one of GitLab’s deployments is shown for one of ours', async () => {
    const shown = { project: 4711, id: 7 };
    expect(await journal.claim('web-1', shown)).toBe(true);
    expect(await journal.claim('web-1', shown)).toBe(true);
    expect(await journal.claim('web-2', shown)).toBe(false);
    expect(await journal.claim('web-2', { ...shown, project: 4712 })).toBe(true);
    expect(await journal.claim('web-2', { ...shown, id: 8 })).toBe(true);
  });
});
