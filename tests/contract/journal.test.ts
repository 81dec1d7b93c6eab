import { dynamoJournal } from '../../lib/adapters/aws/dynamo-journal.ts';
import { freeLock, type ServiceLock } from '../../lib/domain/admission.ts';
import type { DeploymentRecord, End } from '../../lib/domain/deployment.ts';
import { freshOrder } from '../../lib/domain/order.ts';
import type { Journal } from '../../lib/ports/journal.ts';
import { journalTables } from '../support/journal-tables.ts';
import { candidateOf, memoryJournal } from '../support/memory-journal.ts';
import {
  end,
  found,
  jobCause,
  operatorCause,
  record,
  revisionArn,
  serviceName as service,
} from '../support/samples.ts';

/** One meaning, twice: the fake that the other levels use must answer as the table does. */

const nextTable = journalTables();

const journalInDynamo = async (): Promise<Journal> => {
  const { client, table } = await nextTable();
  return dynamoJournal(client, table);
};

const journals: [string, () => Promise<Journal>][] = [
  ['in memory', () => Promise.resolve(memoryJournal())],
  ['in DynamoDB', journalInDynamo],
];

const named = (deployment: string, change: Partial<DeploymentRecord> = {}) => record({ deployment, ...change });
const held = (lock: ServiceLock, of: DeploymentRecord, execution = of.deployment): ServiceLock => ({
  ...lock,
  holder: { ...candidateOf(of), execution },
});
const writeLock = (journal: Journal, lock: ServiceLock) => journal.writeQueue(service, record().target, { lock });
const lockOf = async (journal: Journal) => (await journal.queue(service, record().target)).lock;
const orderOf = async (journal: Journal, target = record().target) => (await journal.queue(service, target)).order;

/** A record that is open and holds the lock. */
const holding = async (journal: Journal, of: DeploymentRecord): Promise<DeploymentRecord> => {
  await journal.open(of);
  const { lock } = await journal.queue(of.service, of.target);
  expect(await journal.writeQueue(of.service, of.target, { lock: held(lock, of) })).toBe(true);
  return of;
};

const deployed = async (journal: Journal, of: DeploymentRecord): Promise<void> => {
  await journal.settle(await holding(journal, of), of.deployment, end());
};

describe.each(journals)('the journal %s', (_where, make) => {
  let journal: Journal;
  beforeEach(async () => {
    journal = await make();
  });

  test('knows nothing at first', async () => {
    expect(await journal.read('web-1')).toBeUndefined();
    expect(await journal.queue(service, '4711/web')).toEqual({ lock: freeLock, order: freshOrder });
    expect((await journal.past(service)).deployed).toEqual([]);
  });

  test('opens a record once: a second one of the name changes nothing', async () => {
    await journal.open(named('web-1'));
    await journal.open(named('web-1', { sha: 'another' }));
    expect(await journal.read('web-1')).toMatchObject(named('web-1'));
  });

  test('writes the lock of the version that was read, and no other', async () => {
    const read = await lockOf(journal);
    expect(await writeLock(journal, held(read, named('web-1')))).toBe(true);
    expect(await writeLock(journal, held(read, named('web-2')))).toBe(false);
    const lock = await lockOf(journal);
    expect(lock).toMatchObject({ version: 1, holder: { execution: 'web-1' } });
    expect(await writeLock(journal, held(lock, named('web-2')))).toBe(true);
  });

  test('lets one of ten at once have the lock', async () => {
    const read = await lockOf(journal);
    const names = Array.from({ length: 10 }, (_, index) => `web-${index}`);
    const won = await Promise.all(names.map((name) => writeLock(journal, held(read, named(name)))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await lockOf(journal)).holder?.execution).toBe(names[won.indexOf(true)]);
  });

  test('notes for the holder, adding to what is there', async () => {
    const of = await holding(journal, named('web-1'));
    await journal.note(of, 'web-1', { registering: { after: 7 } });
    await journal.note(of, 'web-1', { revision: revisionArn(8) });
    expect(await journal.read('web-1')).toMatchObject({ ...of, registering: { after: 7 }, revision: revisionArn(8) });
  });

  test.each(['nobody', 'another', 'the taker'])('refuses a note when %s holds the lock', async (who) => {
    const of = named('web-1');
    await journal.open(of);
    const other = who === 'another' ? named('web-2') : of;
    const execution = who === 'another' ? 'web-2' : 'web-1-recover';
    if (who !== 'nobody') await writeLock(journal, held(await lockOf(journal), other, execution));
    await expect(journal.note(of, 'web-1', { registering: { after: 7 } })).rejects.toMatchObject({ name: 'LockLost' });
    expect(await journal.read('web-1')).not.toHaveProperty('registering');
  });

  test('settles: the end, the lock, the order and the revision, together', async () => {
    const of = await holding(journal, named('web-1', { revision: revisionArn(8) }));
    expect(await journal.settle(of, 'web-1', end())).toEqual(end());
    expect((await journal.read('web-1'))?.end).toEqual(end());
    expect(await lockOf(journal)).not.toHaveProperty('holder');
    expect(await orderOf(journal)).toEqual(expect.objectContaining({ newestDeployed: of.key }));
    expect((await journal.past(service)).deployed).toEqual([revisionArn(8)]);
  });

  test('settles a waiter: it leaves the queue, and the holder stays', async () => {
    await holding(journal, named('web-1'));
    await journal.open(named('web-2'));
    const waiter = { ...candidateOf(named('web-2')), ticket: 1 };
    await writeLock(journal, { ...(await lockOf(journal)), nextTicket: 2, waiters: [waiter] });
    await journal.settle(named('web-2'), 'web-2', end({ outcome: 'superseded' }));
    expect(await lockOf(journal)).toMatchObject({ holder: { execution: 'web-1' }, waiters: [] });
  });

  test.each([
    ['deployed', true],
    ['already deployed', true],
    ['failed', false],
    ['outdated', false],
    ['superseded', false],
  ] as const)('an end as %s moves the order: %s', async (outcome, moves) => {
    const of = await holding(journal, named('web-1'));
    await journal.settle(of, 'web-1', end({ outcome }));
    expect((await orderOf(journal)).newestDeployed).toEqual(moves ? of.key : undefined);
  });

  test('never moves the order back', async () => {
    await deployed(journal, named('web-2', { key: [90002, 1] }));
    await deployed(journal, named('web-1', { key: [90001, 1] }));
    expect((await orderOf(journal)).newestDeployed).toEqual([90002, 1]);
  });

  test('writes lock and order together, or neither', async () => {
    const { lock, order } = await journal.queue(service, '4711/web');
    const write = (seen: number) =>
      journal.writeQueue(service, '4711/web', {
        lock: held(lock, named(`web-${seen}`)),
        order: { ...order, newestSeen: [seen] },
      });
    expect(await write(1)).toBe(true);
    expect(await write(2)).toBe(false);
    expect(await writeLock(journal, held(await lockOf(journal), named('web-3')))).toBe(true);
    const again = await journal.queue(service, '4711/web');
    expect(
      await journal.writeQueue(service, '4711/web', { lock: held(lock, named('web-4')), order: again.order }),
    ).toBe(false);
    expect(await journal.queue(service, '4711/web')).toMatchObject({
      lock: { holder: { execution: 'web-3' } },
      order: { version: 1, newestSeen: [1] },
    });
  });

  test('of ten at once that see a newer one, one writes the order', async () => {
    const { order } = await journal.queue(service, '4711/web');
    const writes = Array.from({ length: 10 }, (_, index) =>
      journal.writeQueue(service, '4711/web', { order: { ...order, newestSeen: [index] } }),
    );
    expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1);
  });

  test('knows by which job a pipeline was last deployed on a target', async () => {
    const job = (id: number) => ({ ...jobCause, job: id });
    expect(await journal.jobDeployed('4711/web', 90001)).toBeUndefined();
    await deployed(journal, named('web-1', { cause: job(7), key: [90001, 7] }));
    expect(await journal.jobDeployed('4711/web', 90001)).toBe(7);
    await deployed(journal, named('web-2', { cause: operatorCause, key: [] }));
    expect(await journal.jobDeployed('4711/web', 90001)).toBe(7);
    await deployed(journal, named('web-3', { cause: job(9), key: [90001, 9] }));
    expect(await journal.jobDeployed('4711/web', 90001)).toBe(9);
    expect(await journal.jobDeployed('4711/web', 90002)).toBeUndefined();
    expect(await journal.jobDeployed('4711/other', 90001)).toBeUndefined();
  });

  test('knows that an operator deployed a pipeline, by no job', async () => {
    await deployed(journal, named('web-1', { cause: operatorCause, key: [] }));
    expect(await journal.jobDeployed('4711/web', 90001)).toBe(0);
  });

  test('holds a target that a rollback took back, and goes on when a newer one is deployed', async () => {
    await deployed(journal, named('web-1', { cause: jobCause, key: [90002, 1] }));
    await deployed(journal, named('web-2', { cause: jobCause, key: [90001, 2], askedAt: '2026-01-05T10:00:00Z' }));
    const hold = { kind: 'rollback', since: '2026-01-05T10:00:00Z', by: `job ${jobCause.job}` };
    expect(await orderOf(journal)).toMatchObject({ newestDeployed: [90002, 1], hold });
    await deployed(journal, named('web-3', { cause: jobCause, key: [90003, 3] }));
    expect(await orderOf(journal)).not.toHaveProperty('hold');
  });

  test('keeps the first end, whoever comes second and with what', async () => {
    const of = await holding(journal, named('web-1'));
    await journal.settle(of, 'web-1', end());
    const second: End = end({ outcome: 'failed', failure: 'ExecutionDied' });
    expect(await journal.settle(of, 'web-1-recover', second)).toEqual(end());
    expect((await journal.read('web-1'))?.end).toEqual(end());
  });

  test("frees the lock that the recovery holds, when a dead execution's last Lambda writes the end", async () => {
    const of = await holding(journal, named('web-1'));
    await writeLock(journal, held(await lockOf(journal), of, 'web-1-recover'));
    await journal.settle(of, 'web-1', end());
    expect(await lockOf(journal)).not.toHaveProperty('holder');
  });

  test('agrees with itself when two settle at once', async () => {
    const of = await holding(journal, named('web-1'));
    const ends = [end(), end({ outcome: 'failed', failure: 'ExecutionDied' })];
    const [one, two] = await Promise.all(ends.map((value) => journal.settle(of, 'web-1', value)));
    expect(one).toEqual(two);
    expect((await journal.read('web-1'))?.end).toEqual(one);
  });

  test('settles beside somebody who queues at the same time: neither is lost', async () => {
    const of = await holding(journal, named('web-1'));
    const second = candidateOf(named('web-2', { target: '4711/other' }));
    const enqueue = async (): Promise<void> => {
      const lock = await lockOf(journal);
      const waiter = { ...second, ticket: lock.nextTicket };
      const next = { ...lock, nextTicket: lock.nextTicket + 1, waiters: [waiter] };
      if (!(await writeLock(journal, next))) await enqueue();
    };
    await Promise.all([journal.settle(of, 'web-1', end()), enqueue()]);
    const lock = await lockOf(journal);
    expect(lock).not.toHaveProperty('holder');
    expect(lock.waiters.map(({ execution }) => execution)).toEqual(['web-2']);
  });

  test('cannot settle what was never opened', async () => {
    await expect(journal.settle(named('web-1'), 'web-1', end())).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('keeps the ten newest revisions, each once, newest first', async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3];
    for (const [index, number] of numbers.entries())
      await deployed(journal, named(`web-${index}`, { revision: revisionArn(number), key: [index] }));
    expect((await journal.past(service)).deployed).toEqual([3, 11, 10, 9, 8, 7, 6, 5, 4, 2].map(revisionArn));
  });

  test('knows where a failed Undo was going, until something is deployed', async () => {
    const failed = await holding(journal, named('web-1', { found }));
    await journal.settle(failed, 'web-1', end({ outcome: 'failed', failure: 'UndoFailed' }));
    expect(await journal.past(service)).toEqual({ deployed: [], failedUndoTo: found.before });
    await deployed(journal, named('web-2', { key: [90002, 1], revision: revisionArn(8) }));
    expect(await journal.past(service)).toEqual({ deployed: [revisionArn(8)] });
  });

  test('tells the orders of many targets at once, of one that it does not know a fresh one', async () => {
    const names = Array.from({ length: 230 }, (_, at) => `4711/web-${at}`);
    for (const target of ['4711/web-0', '4711/web-99', '4711/web-100', '4711/web-229'])
      await deployed(journal, named(target, { target }));
    const orders = await journal.ordersOf([...names, '4711/web-0']);
    expect([...orders.keys()]).toEqual(names);
    for (const target of names) expect(orders.get(target)).toMatchObject(await orderOf(journal, target));
    expect([...orders.values()].filter((order) => order.version > 0)).toHaveLength(4);
    expect(await journal.ordersOf([])).toEqual(new Map());
  });

  test('keeps services and targets apart', async () => {
    const elsewhere = { ...service, service: 'api' };
    await deployed(journal, named('api-1', { service: elsewhere, target: '4711/api', revision: revisionArn(8) }));
    await holding(journal, named('api-2', { service: elsewhere, target: '4711/api' }));
    expect(await lockOf(journal)).toEqual(freeLock);
    expect(await orderOf(journal)).toEqual(freshOrder);
    expect((await journal.past(service)).deployed).toEqual([]);
  });
});
