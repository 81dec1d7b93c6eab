import { admit, type AdmitInput } from '../../../lib/app/admit.ts';
import { recover } from '../../../lib/app/recover.ts';
import { settle } from '../../../lib/app/settle.ts';
import { takeOver } from '../../../lib/app/take-over.ts';
import { before, failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryJournal, type MemoryJournal } from '../../support/memory-journal.ts';
import { memoryAnnouncements, memoryWorkflows, stoppedClock } from '../../support/memory-ports.ts';
import { noWait, record, serviceName } from '../../support/samples.ts';

const input = (execution: string, key: number, change: Partial<AdmitInput> = {}): AdmitInput => ({
  execution,
  deployment: execution,
  target: '4711/web',
  service: serviceName,
  key: [key],
  wait: noWait,
  queued: false,
  ...change,
});
const lockOf = (journal: MemoryJournal) => journal.locks.get('prod/web');

test('a free service is taken', async () => {
  const journal = memoryJournal();
  expect(await admit({ journal })(input('a', 1))).toEqual({ state: 'admitted' });
  expect(lockOf(journal)?.holder?.execution).toBe('a');
});

test('a lost answer: told again, it still holds the lock, and wrote it once', async () => {
  const journal = memoryJournal();
  const look = admit({ journal: losingAnswers(journal, 'writeLock') });
  await expect(look(input('a', 1))).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(await look(input('a', 1))).toEqual({ state: 'admitted' });
  expect(lockOf(journal)?.version).toBe(1);
});

test('behind another it waits, and says behind whom', async () => {
  const journal = memoryJournal();
  await admit({ journal })(input('a', 1));
  expect(await admit({ journal })(input('b', 2))).toEqual({
    state: 'waiting',
    queued: true,
    wait: { phase: 15, total: 15, seconds: 15 },
    because: 'behind a',
  });
});

test('a lost answer of its entry into the queue gives it one place', async () => {
  const journal = memoryJournal();
  await admit({ journal })(input('a', 1));
  const look = admit({ journal: losingAnswers(journal, 'writeLock') });
  await expect(look(input('b', 2))).rejects.toThrow();
  expect(await look(input('b', 2))).toMatchObject({ state: 'waiting' });
  expect(lockOf(journal)?.waiters).toHaveLength(1);
});

test('a displaced waiter ends superseded, an older cause outdated', async () => {
  const journal = memoryJournal();
  const look = admit({ journal });
  await look(input('a', 1));
  await look(input('b', 2));
  await look(input('c', 3));
  expect(await look(input('b', 2, { queued: true }))).toEqual({
    state: 'ended',
    outcome: 'superseded',
    because: '3 is newer',
  });
  journal.orders.set('4711/web', { newestDeployed: [9] });
  expect(await look(input('c', 3, { queued: true }))).toEqual({
    state: 'ended',
    outcome: 'outdated',
    because: '9 is newer',
  });
  expect(lockOf(journal)?.waiters).toEqual([]);
});

test('one that is displaced although what displaced it failed does not call itself newer', async () => {
  const journal = memoryJournal();
  const look = admit({ journal });
  const gone = await look(input('b', 2, { queued: true }));
  expect(gone).toMatchObject({ state: 'ended', outcome: 'superseded' });
  expect(gone).not.toMatchObject({ because: '2 is newer' });
});

describe('looks', () => {
  test('every 15 s for five minutes, then every 180 s, for 14 hours, then QueueTimedOut', async () => {
    const journal = memoryJournal();
    const look = admit({ journal });
    await look(input('a', 1));
    let wait = noWait;
    let waited = 0;
    const seconds = new Map<number, number>();
    const waitOnce = async () => {
      const output = await look(input('b', 2, { wait, queued: true }));
      if (output.state !== 'waiting') throw new Error(output.state);
      wait = output.wait;
      waited += wait.seconds;
      seconds.set(wait.seconds, (seconds.get(wait.seconds) ?? 0) + 1);
    };
    await look(input('b', 2));
    await expect(
      (async () => {
        for (;;) await waitOnce();
      })(),
    ).rejects.toMatchObject({ name: 'QueueTimedOut', facts: { behind: 'a' } });
    expect([...seconds]).toEqual([
      [15, 20],
      [180, 279],
    ]);
    expect(waited).toBeGreaterThanOrEqual(14 * 3600);
  });

  test('a turn that comes with the very last look is taken', async () => {
    expect(await admit({ journal: memoryJournal() })(input('a', 1, { wait: { ...noWait, phase: 14 * 3600 } }))).toEqual(
      {
        state: 'admitted',
      },
    );
  });
});

describe('two at once', () => {
  test('the one whose write comes second looks again and waits', async () => {
    const journal = memoryJournal();
    const faster = () =>
      void journal.writeLock(serviceName, { version: 0, nextTicket: 1, waiters: [], holder: input('a', 1) });
    expect(await admit({ journal: before(journal, 'writeLock', faster) })(input('b', 2))).toMatchObject({
      because: 'behind a',
    });
  });

  test('of twenty, one is admitted, and all targets have their one waiter', async () => {
    const journal = memoryJournal();
    const all = Array.from({ length: 20 }, (_, index) => input(`e${index}`, index, { target: `4711/t${index % 4}` }));
    const outputs = await Promise.all(
      all.map(async (one) => admit({ journal })(one).catch((error: unknown) => (error as Error).name)),
    );
    expect(outputs.filter((one) => typeof one === 'object' && one.state === 'admitted')).toHaveLength(1);
    const targets = lockOf(journal)?.waiters.map(({ target }) => target) ?? [];
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('a queue that changes at every try is no refusal: AwsUnavailable, to be tried again', async () => {
    const journal = { ...memoryJournal(), writeLock: () => Promise.resolve(false) };
    await expect(admit({ journal })(input('a', 1))).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });
});

test('a journal that cannot be read takes no lock', async () => {
  const journal = memoryJournal();
  await expect(admit({ journal: failing(journal, 'queue') })(input('a', 1))).rejects.toThrow();
  expect(journal.locks.size).toBe(0);
});

// The Lambda of a stopped execution runs on for up to 30 s: the recovery may be through before it writes.
test('a stopped execution that looks once more, after its recovery settled it, does not keep the lock', async () => {
  const journal = memoryJournal();
  const workflows = memoryWorkflows();
  await journal.open(record());
  expect(await recover({ journal, workflows })({ execution: 'web-1' })).toBe('started');
  expect(await takeOver({ journal })({ execution: 'web-1-recover', resume: 'web-1' })).toMatchObject({ state: 'idle' });
  const ends = settle({ journal, announcements: memoryAnnouncements(), clock: stoppedClock() });
  const of = { deployment: 'web-1', target: '4711/web' };
  await ends({ execution: 'web-1-recover', state: { of, failure: { Error: 'ExecutionDied' } } });
  await admit({ journal })(input('web-1', 1)).catch(() => undefined);
  expect(lockOf(journal)?.holder).toBeUndefined();
  expect(journal.records.get('web-1')?.end).toMatchObject({ failure: 'ExecutionDied' });
});
