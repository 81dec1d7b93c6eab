import { recover } from '../../../lib/app/recover.ts';
import { startRecovery } from '../../../lib/app/start-recovery.ts';
import { takeOver } from '../../../lib/app/take-over.ts';
import { takeStock } from '../../../lib/app/take-stock.ts';
import { recoveryName } from '../../../lib/domain/cause.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import type { Rollout } from '../../../lib/domain/rollout.ts';
import type { Journal } from '../../../lib/ports/journal.ts';
import { before, losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { candidateOf, journalHolding, memoryJournal, type MemoryJournal } from '../../support/memory-journal.ts';
import { memoryWorkflows, stoppedClock, type MemoryWorkflows } from '../../support/memory-ports.ts';
import { blueGreen, end, found, record, revision, revisionArn, serviceName } from '../../support/samples.ts';

const heir = { execution: 'web-1-recover', resume: 'web-1' };
const starting = { revision: revisionArn(8) };
const journalOf = (change: Partial<DeploymentRecord> = {}) => journalHolding(record({ found, ...change }));

describe('an execution that ended badly', () => {
  test('and has a record without an end is cleaned up after by the same machine, once', async () => {
    const ports = { journal: journalOf(), workflows: memoryWorkflows() };
    expect(await recover(ports)({ execution: 'web-1' })).toEqual({ result: 'started' });
    expect(await recover(ports)({ execution: 'web-1' })).toEqual({ result: 'under way' });
    expect([...ports.workflows.executions]).toMatchObject([['web-1-recover', { input: { resume: 'web-1' } }]]);
  });

  test('and settled itself is left alone', async () => {
    const workflows = memoryWorkflows();
    const verb = recover({ journal: journalOf({ end: end() }), workflows });
    for (const execution of ['web-1', 'web-1-recover'])
      expect(await verb({ execution })).toEqual({ result: 'settled' });
    expect(workflows.executions.size).toBe(0);
  });

  test('before it was confirmed left nothing', async () => {
    const ports = { journal: journalOf(), workflows: memoryWorkflows() };
    for (const execution of ['web-2', 'constructor']) {
      expect(await recover(ports)({ execution })).toEqual({ result: 'no record' });
    }
    expect(ports.workflows.executions.size).toBe(0);
  });

  test('and was a recovery itself is told of, and left to whoever waits for the service next', async () => {
    const ports = { journal: journalOf(), workflows: memoryWorkflows() };
    for (const execution of ['web-1-recover', 'web-1-recover-2'])
      expect(await recover(ports)({ execution })).toEqual({ result: 'recovery died' });
    expect(ports.workflows.executions.size).toBe(0);
  });
});

describe('starting a recovery', () => {
  const dead = async (workflows: MemoryWorkflows, ...names: string[]) => {
    for (const name of names) {
      await workflows.start(name, {});
      workflows.end(name, 'States.Timeout');
    }
  };

  test('by all who find the death at once: one runs', async () => {
    const workflows = memoryWorkflows();
    const starts = await Promise.all(Array.from({ length: 5 }, () => startRecovery(workflows, 'web-1')));
    expect(starts.filter((start) => start === 'started')).toHaveLength(1);
    expect(starts.filter((start) => start === 'under way')).toHaveLength(4);
    expect([...workflows.executions.keys()]).toEqual(['web-1-recover']);
  });

  test('after recoveries that died themselves, under the next name', async () => {
    const workflows = memoryWorkflows();
    await dead(workflows, 'web-1-recover', 'web-1-recover-2');
    expect(await startRecovery(workflows, 'web-1')).toBe('started');
    expect(workflows.executions.get('web-1-recover-3')?.input).toEqual({ resume: 'web-1' });
  });

  test('that cannot be seen yet counts as running', async () => {
    const workflows = memoryWorkflows();
    await workflows.start('web-1-recover', {});
    const lagging = { ...workflows, status: () => Promise.resolve({ state: 'unknown' } as const) };
    expect(await startRecovery(lagging, 'web-1')).toBe('under way');
  });

  test('is given up after nine that died', async () => {
    const workflows = memoryWorkflows();
    await dead(workflows, ...Array.from({ length: 9 }, (_, index) => recoveryName('web-1', index + 1)));
    expect(await startRecovery(workflows, 'web-1')).toBe('given up');
    expect(workflows.executions.size).toBe(9);
  });
});

describe('taking over', () => {
  const now = '2026-01-05T10:00:00.000Z';
  const holder = (journal: MemoryJournal) => journal.locks.get('prod/web')?.holder;

  /** The ports of a take-over; these executions have ended, and no other is known. */
  const ports = async (journal: Journal, ...over: string[]) => {
    const workflows = memoryWorkflows();
    for (const name of over) {
      await workflows.start(name, {});
      workflows.end(name, 'ABORTED');
    }
    return { journal, workflows, clock: stoppedClock(now) };
  };
  const take = async (journal: Journal, ...over: string[]) => takeOver(await ports(journal, ...over))(heir);

  test('moves the lock of the dead to its heir', async () => {
    const journal = journalOf({ starting });
    expect(await take(journal, 'web-1')).toMatchObject({ deployment: 'web-1', target: '4711/web', state: 'taken' });
    expect(holder(journal)).toMatchObject({ execution: 'web-1-recover', deployment: 'web-1', since: now });
  });

  test('and the dead cannot write any more', async () => {
    const journal = journalOf({ starting });
    await take(journal, 'web-1');
    await expect(journal.note(record(), 'web-1', { starting })).rejects.toMatchObject({ name: 'LockLost' });
  });

  test('moves it from a recovery that died itself', async () => {
    const journal = journalOf({ starting });
    await take(journal, 'web-1');
    const second = takeOver(await ports(journal, 'web-1', 'web-1-recover'));
    expect(await second({ execution: 'web-1-recover-2', resume: 'web-1' })).toMatchObject({ state: 'taken' });
    expect(holder(journal)?.execution).toBe('web-1-recover-2');
  });

  test('is not done to the living: it is tried again', async () => {
    const journal = journalOf({ starting });
    const living = await ports(journal);
    await living.workflows.start('web-1', {});
    await expect(takeOver(living)(heir)).rejects.toMatchObject({
      name: 'AwsUnavailable',
      facts: { execution: 'web-1' },
    });
    expect(holder(journal)?.execution).toBe('web-1');
  });

  test('nor to a waiter that lives', async () => {
    const journal = memoryJournal();
    await journal.open(record());
    const living = await ports(journal);
    await living.workflows.start('web-1', {});
    await expect(takeOver(living)(heir)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('of what cannot be seen waits until it should be seen', async () => {
    const young = journalHolding(record({ found, starting, openedAt: '2026-01-05T09:59:01.000Z' }));
    await expect(take(young)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    const old = journalHolding(record({ found, starting, openedAt: '2026-01-05T09:59:00.000Z' }));
    expect(await take(old)).toMatchObject({ state: 'taken' });
  });

  test('a lost answer: told again, it has it', async () => {
    const journal = journalOf({ starting });
    const again = takeOver(await ports(losingAnswers(journal, 'writeQueue'), 'web-1'));
    await expect(again(heir)).rejects.toThrow();
    expect(await again(heir)).toMatchObject({ state: 'taken' });
  });

  test('of one that has ended is over; of one that never had its turn, idle', async () => {
    expect(await take(journalOf({ end: end() }))).toMatchObject({ state: 'over' });
    const journal = memoryJournal();
    await journal.open(record());
    expect(await take(journal, 'web-1')).toMatchObject({ state: 'idle' });
  });

  test('of one that wrote, when another deployment has the lock: LockLost', async () => {
    const journal = journalOf({ starting });
    const lock = holder(journal);
    if (lock !== undefined) Object.assign(lock, { execution: 'web-9', deployment: 'web-9' });
    await expect(take(journal, 'web-1')).rejects.toMatchObject({ name: 'LockLost' });
    expect(holder(journal)?.execution).toBe('web-9');
  });

  test('the loser of the race writes nothing', async () => {
    const journal = journalOf({ starting });
    const [lock] = journal.locks.values();
    const winner = { ...candidateOf(record()), execution: 'web-1-recover-2' };
    const faster = () => {
      if (lock !== undefined) void journal.writeQueue(serviceName, '4711/web', { lock: { ...lock, holder: winner } });
    };
    const slower = await ports(before(journal, 'writeQueue', faster), 'web-1');
    await slower.workflows.start('web-1-recover-2', {});
    await expect(takeOver(slower)(heir)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(holder(journal)?.execution).toBe('web-1-recover-2');
  });

  test('a lock that changes at every try is to be tried again', async () => {
    const journal = { ...journalOf({ starting }), writeQueue: () => Promise.resolve(false) };
    await expect(take(journal, 'web-1')).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });
});

describe('taking stock of what the dead left', () => {
  const stock = async (change: Partial<Rollout>, written: Partial<DeploymentRecord> = { starting }) => {
    const fleet = memoryFleet();
    fleet.revisions.set(revisionArn(8), revision(8));
    await fleet.update(serviceName, revisionArn(8));
    fleet.front(change);
    return takeStock({ fleet, journal: journalOf(written) })({ deployment: 'web-1' });
  };

  test('its rollout completed all the same: settled as deployed', async () => {
    expect(await stock({ state: 'COMPLETED' })).toMatchObject({ next: 'settle' });
  });

  test.each<[string, Partial<Rollout>]>([
    ['in progress', {}],
    ['failed', { state: 'FAILED' }],
    ['replaced', { id: 'ecs-svc/9', revision: revisionArn(9), state: 'COMPLETED' }],
  ])('its rollout is %s: undone', async (state, change) => {
    expect(await stock(change)).toEqual({ next: 'undo', because: `it died while its rollout was ${state}` });
  });

  test('it never wrote: undone, which then finds nothing to undo', async () => {
    expect(await stock({ state: 'COMPLETED' }, {})).toMatchObject({ next: 'undo' });
  });

  test.each<[string, Partial<DeploymentRecord>, string, string]>([
    ['had not written', {}, 'undo', 'it died before it wrote'],
    ['was under way', { starting: { ...starting, desired: 2 } }, 'undo', 'it died before green had proved itself'],
    [
      'had proved itself',
      { starting: { ...starting, desired: 2 }, succeeded: { at: '2026-11-25T10:00:00.000Z' } },
      'retire',
      'it died, and green had proved itself before',
    ],
  ])('a swap that %s: %s, whatever its rollout came to', async (_what, written, next, because) => {
    const swap = { ...written, blueGreen: blueGreen() };
    expect(await stock({ state: 'COMPLETED' }, swap)).toEqual({ next, because });
  });

  test('the service is gone: undone', async () => {
    const fleet = memoryFleet();
    fleet.services.clear();
    expect(await takeStock({ fleet, journal: journalOf({ starting }) })({ deployment: 'web-1' })).toMatchObject({
      next: 'undo',
    });
  });
});
