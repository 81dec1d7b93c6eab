import { recover } from '../../../lib/app/recover.ts';
import { takeOver } from '../../../lib/app/take-over.ts';
import { takeStock } from '../../../lib/app/take-stock.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import type { Rollout } from '../../../lib/domain/rollout.ts';
import { before, losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding, memoryJournal } from '../../support/memory-journal.ts';
import { memoryWorkflows } from '../../support/memory-ports.ts';
import { end, found, record, revision, revisionArn, serviceName } from '../../support/samples.ts';

const heir = { execution: 'web-1-recover', resume: 'web-1' };
const starting = { revision: revisionArn(8) };
const journalOf = (change: Partial<DeploymentRecord> = {}) => journalHolding(record({ found, ...change }));

describe('an execution that ended badly', () => {
  test('and has a record without an end is cleaned up after by the same machine, once', async () => {
    const ports = { journal: journalOf(), workflows: memoryWorkflows() };
    expect(await recover(ports)({ execution: 'web-1' })).toBe('started');
    expect(await recover(ports)({ execution: 'web-1' })).toBe('exists');
    expect([...ports.workflows.executions]).toMatchObject([['web-1-recover', { input: { resume: 'web-1' } }]]);
  });

  test('and settled itself is left alone', async () => {
    const workflows = memoryWorkflows();
    expect(await recover({ journal: journalOf({ end: end() }), workflows })({ execution: 'web-1' })).toBe('settled');
    expect(workflows.executions.size).toBe(0);
  });

  test('before it was confirmed left nothing; nor did a recovery itself', async () => {
    const ports = { journal: journalOf(), workflows: memoryWorkflows() };
    for (const execution of ['web-2', 'web-1-recover']) expect(await recover(ports)({ execution })).toBe('no record');
    expect(ports.workflows.executions.size).toBe(0);
  });
});

describe('taking over', () => {
  const holder = (journal: ReturnType<typeof memoryJournal>) => journal.locks.get('prod/web')?.holder;

  test('moves the lock of the dead to its heir', async () => {
    const journal = journalOf({ starting });
    expect(await takeOver({ journal })(heir)).toMatchObject({
      deployment: 'web-1',
      target: '4711/web',
      state: 'taken',
    });
    expect(holder(journal)).toMatchObject({ execution: 'web-1-recover', deployment: 'web-1' });
  });

  test('and the dead cannot write any more', async () => {
    const journal = journalOf({ starting });
    await takeOver({ journal })(heir);
    await expect(journal.note(record(), 'web-1', { starting })).rejects.toMatchObject({ name: 'LockLost' });
  });

  test('a lost answer: told again, it has it', async () => {
    const journal = journalOf({ starting });
    const again = takeOver({ journal: losingAnswers(journal, 'writeLock') });
    await expect(again(heir)).rejects.toThrow();
    expect(await again(heir)).toMatchObject({ state: 'taken' });
  });

  test('of one that has ended is over; of one that never had its turn, idle', async () => {
    expect(await takeOver({ journal: journalOf({ end: end() }) })(heir)).toMatchObject({ state: 'over' });
    const journal = memoryJournal();
    await journal.open(record());
    expect(await takeOver({ journal })(heir)).toMatchObject({ state: 'idle' });
  });

  test('of one that wrote, when somebody else has the lock: LockLost, they clean up', async () => {
    const journal = journalOf({ starting });
    const lock = holder(journal);
    if (lock !== undefined) lock.execution = 'web-9';
    await expect(takeOver({ journal })(heir)).rejects.toMatchObject({ name: 'LockLost' });
    expect(holder(journal)?.execution).toBe('web-9');
  });

  test('the loser of the race writes nothing', async () => {
    const journal = journalOf({ starting });
    const { holder: held } = journal.locks.get('prod/web') ?? {};
    const winner = () => {
      if (held !== undefined)
        void journal.writeLock(serviceName, {
          version: 1,
          nextTicket: 2,
          waiters: [],
          holder: { ...held, execution: 'web-9' },
        });
    };
    await expect(takeOver({ journal: before(journal, 'writeLock', winner) })(heir)).rejects.toMatchObject({
      name: 'LockLost',
    });
    expect(holder(journal)?.execution).toBe('web-9');
  });

  test('a lock that changes at every try is to be tried again', async () => {
    const journal = { ...journalOf({ starting }), writeLock: () => Promise.resolve(false) };
    await expect(takeOver({ journal })(heir)).rejects.toMatchObject({ name: 'AwsUnavailable' });
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

  test('the service is gone: undone', async () => {
    const fleet = memoryFleet();
    fleet.services.clear();
    expect(await takeStock({ fleet, journal: journalOf({ starting }) })({ deployment: 'web-1' })).toMatchObject({
      next: 'undo',
    });
  });
});
