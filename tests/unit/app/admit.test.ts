import { admit, type AdmitInput, type AdmitPorts } from '../../../lib/app/admit.ts';
import { recover } from '../../../lib/app/recover.ts';
import { settle } from '../../../lib/app/settle.ts';
import { takeOver } from '../../../lib/app/take-over.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { before, failing, losingAnswers } from '../../support/memory-faults.ts';
import { candidateOf, memoryJournal, type MemoryJournal } from '../../support/memory-journal.ts';
import {
  memoryAnnouncements,
  memoryWorkflows,
  stoppedClock,
  type MemoryWorkflows,
} from '../../support/memory-ports.ts';
import { end, jobCause, noWait, operatorCause, record, serviceName } from '../../support/samples.ts';

const now = '2026-01-05T10:00:00.000Z';
const lockOf = (journal: MemoryJournal) => journal.locks.get('prod/web');
const orderOf = (journal: MemoryJournal) => journal.orders.get('4711/web');

interface World {
  journal: MemoryJournal;
  workflows: MemoryWorkflows;
  ports: AdmitPorts;
  /** a confirmed deployment whose execution runs */
  open: (name: string, change: Partial<DeploymentRecord>) => void;
  look: (name: string, change?: Partial<AdmitInput>) => ReturnType<ReturnType<typeof admit>>;
}

const input = (name: string, change: Partial<AdmitInput> = {}): AdmitInput => ({
  execution: name,
  deployment: name,
  wait: noWait,
  queued: false,
  ...change,
});

const world = (): World => {
  const journal = memoryJournal();
  const workflows = memoryWorkflows();
  const ports = { journal, workflows, announcements: memoryAnnouncements(), clock: stoppedClock(now) };
  return {
    journal,
    workflows,
    ports,
    open: (name, change) => {
      journal.records.set(name, record({ deployment: name, ...change }));
      workflows.executions.set(name, { input: {}, status: { state: 'running' } });
    },
    look: (name, change) => admit(ports)(input(name, change)),
  };
};

/** Three deployments of one target, their keys 1 to 3. */
const three = (): World => {
  const here = world();
  for (const [index, name] of ['a', 'b', 'c'].entries()) here.open(name, { key: [index + 1] });
  return here;
};

test('a free service is taken', async () => {
  const { look, journal } = three();
  expect(await look('a')).toEqual({ state: 'admitted' });
  expect(lockOf(journal)?.holder).toEqual({ ...candidateOf(record({ deployment: 'a', key: [1] })), since: now });
});

test('a lost answer: told again, it still holds the lock, and wrote it once', async () => {
  const { ports, journal } = three();
  const look = admit({ ...ports, journal: losingAnswers(journal, 'writeQueue') });
  await expect(look(input('a'))).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(await look(input('a'))).toEqual({ state: 'admitted' });
  expect(lockOf(journal)?.version).toBe(1);
});

test('behind another it waits, and says behind whom', async () => {
  const { look } = three();
  await look('a');
  expect(await look('b')).toEqual({
    state: 'waiting',
    queued: true,
    wait: { phase: 15, total: 15, seconds: 15 },
    because: 'behind a',
  });
});

test('a lost answer of its entry into the queue gives it one place', async () => {
  const { look, ports, journal } = three();
  await look('a');
  const losing = admit({ ...ports, journal: losingAnswers(journal, 'writeQueue') });
  await expect(losing(input('b'))).rejects.toThrow();
  expect(await losing(input('b'))).toMatchObject({ state: 'waiting' });
  expect(lockOf(journal)?.waiters).toHaveLength(1);
});

test('a look that changes nothing writes nothing', async () => {
  const { look, journal } = three();
  await look('a');
  await look('b');
  const versions = () => [lockOf(journal)?.version, orderOf(journal)?.version];
  const seen = versions();
  await look('b', { queued: true });
  expect(versions()).toEqual(seen);
});

test('a displaced waiter ends superseded', async () => {
  const { look } = three();
  await look('a');
  await look('b');
  await look('c');
  expect(await look('b', { queued: true })).toEqual({ state: 'ended', outcome: 'superseded', because: '3 is newer' });
});

test('one that is displaced although what displaced it failed does not call itself newer', async () => {
  const { look } = three();
  const gone = await look('b', { queued: true });
  expect(gone).toMatchObject({ state: 'ended', outcome: 'superseded', because: 'its slot was taken' });
});

describe('order and holds', () => {
  test('an older cause than what was deployed ends outdated, and leaves the queue', async () => {
    const { look, journal } = three();
    await look('a');
    await look('b');
    journal.orders.set('4711/web', { version: 5, newestDeployed: [9] });
    expect(await look('b', { queued: true })).toEqual({ state: 'ended', outcome: 'outdated', because: '9 is newer' });
    expect(lockOf(journal)).toMatchObject({ holder: { execution: 'a' }, waiters: [] });
  });

  test('but who holds the lock already keeps it', async () => {
    const { look, journal } = three();
    await look('a');
    journal.orders.set('4711/web', { version: 5, newestDeployed: [9] });
    expect(await look('a')).toEqual({ state: 'admitted' });
  });

  test('what a hold stops ends held, and is counted as seen', async () => {
    const { look, journal } = three();
    journal.orders.set('4711/web', { version: 5, hold: { kind: 'explicit', since: now, by: 'ops' } });
    expect(await look('b')).toEqual({
      state: 'ended',
      outcome: 'held',
      because: `held (explicit) by ops since ${now}`,
    });
    expect(orderOf(journal)).toMatchObject({ newestSeen: [2] });
    expect(lockOf(journal)).toBeUndefined();
  });

  test('the newest that was seen is kept, whatever it ends as', async () => {
    const { look, journal } = three();
    await look('c');
    await look('a');
    expect(orderOf(journal)).toMatchObject({ newestSeen: [3] });
  });

  test("GitLab's rollback button passes an older job's deployment, and takes the slot", async () => {
    const { open, look, journal } = world();
    open('busy', { target: '4711/other' });
    open('newer', { key: [90009, 1, 1], cause: { ...jobCause, pipeline: 90009 }, askedAt: '2026-01-05T09:00:00Z' });
    open('back', { key: [90001, 700002, 2], cause: { ...jobCause, job: 700002 }, askedAt: '2026-01-05T09:30:00Z' });
    journal.orders.set('4711/web', { version: 1, newestDeployed: [90005, 1, 1] });
    journal.jobs.set('4711/web#90001', 700001);
    await look('busy');
    await look('newer');
    expect(await look('back')).toMatchObject({ state: 'waiting' });
    expect(lockOf(journal)?.waiters).toMatchObject([{ execution: 'back', precedence: 'rollback' }]);
    expect(await look('newer', { queued: true })).toMatchObject({
      outcome: 'superseded',
      because: 'a rollback was asked after it',
    });
  });

  test('an old job that never deployed here is outdated', async () => {
    const { open, look, journal } = world();
    open('late', { key: [90001, 700002, 2], cause: { ...jobCause, job: 700002 } });
    journal.orders.set('4711/web', { version: 1, newestDeployed: [90005, 1, 1] });
    expect(await look('late')).toMatchObject({ state: 'ended', outcome: 'outdated' });
  });

  test('an operator takes the slot with the newest key that was seen as its own', async () => {
    const { open, look, journal } = three();
    open('ops', { key: [], cause: operatorCause });
    await look('a');
    await look('c');
    expect(await look('ops')).toMatchObject({ state: 'waiting' });
    expect(lockOf(journal)?.waiters).toMatchObject([{ execution: 'ops', key: [3], precedence: 'operator' }]);
    expect(orderOf(journal)).toMatchObject({ newestSeen: [3] });
  });
});

describe('looks', () => {
  test('every 15 s for five minutes, then every 180 s, for 14 hours, then QueueTimedOut', async () => {
    const { look } = three();
    await look('a');
    let wait = noWait;
    let waited = 0;
    const seconds = new Map<number, number>();
    const waitOnce = async () => {
      const output = await look('b', { wait, queued: true });
      if (output.state !== 'waiting') throw new Error(output.state);
      wait = output.wait;
      waited += wait.seconds;
      seconds.set(wait.seconds, (seconds.get(wait.seconds) ?? 0) + 1);
    };
    await look('b');
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
    const { look } = three();
    expect(await look('a', { wait: { ...noWait, phase: 14 * 3600 } })).toEqual({ state: 'admitted' });
  });
});

describe('the one in front is dead', () => {
  const began = ({ workflows }: World) => [...workflows.executions.keys()].filter((name) => name.includes('recover'));

  test('its recovery is started, and waited for', async () => {
    const here = three();
    await here.look('a');
    here.workflows.end('a', 'ABORTED');
    expect(await here.look('b')).toMatchObject({
      state: 'waiting',
      because: 'behind a, which is dead; its recovery: started',
    });
    expect(await here.look('b', { queued: true })).toMatchObject({
      because: expect.stringContaining('under way') as string,
    });
    expect(here.workflows.executions.get('a-recover')?.input).toEqual({ resume: 'a' });
    expect(began(here)).toEqual(['a-recover']);
  });

  test('also when it only waited: nobody else would take it out of the queue', async () => {
    const here = three();
    here.open('x', { target: '4711/other', key: [1] });
    await here.look('a');
    await here.look('x');
    await here.look('b');
    await settle(here.ports)({
      execution: 'a',
      state: { of: { deployment: 'a', target: '4711/web' }, rollout: { done: true } },
    });
    here.workflows.end('x', 'ABORTED');
    expect(await here.look('b', { queued: true })).toMatchObject({ state: 'waiting' });
    expect(began(here)).toEqual(['x-recover']);
  });

  test('a recovery that died itself is followed by the next', async () => {
    const here = three();
    await here.look('a');
    here.workflows.end('a', 'ABORTED');
    await here.look('b');
    here.workflows.end('a-recover', 'States.Timeout');
    await here.look('b', { queued: true });
    expect(began(here)).toEqual(['a-recover', 'a-recover-2']);
  });

  test('not when it has settled since the lock was read, and ended then', async () => {
    const here = three();
    await here.look('a');
    here.workflows.end('a');
    const kept = here.journal.records.get('a');
    if (kept !== undefined) here.journal.records.set('a', { ...kept, end: end() });
    expect(await here.look('b')).toMatchObject({ because: 'behind a' });
    expect(began(here)).toEqual([]);
  });

  test('one that cannot be seen is dead only once it should be seen', async () => {
    const { journal, ports } = three();
    const blind = { ...memoryWorkflows(), status: () => Promise.resolve({ state: 'unknown' } as const) };
    const holder = { ...candidateOf(record({ deployment: 'a' })), since: '2026-01-05T09:59:00.001Z' };
    journal.locks.set('prod/web', { version: 1, nextTicket: 1, holder, waiters: [] });
    const look = admit({ ...ports, workflows: blind });
    expect(await look(input('b'))).toMatchObject({ because: 'behind a' });
    Object.assign(journal.locks.get('prod/web')?.holder ?? {}, { since: '2026-01-05T09:59:00.000Z' });
    expect(await look(input('b', { queued: true }))).toMatchObject({
      because: expect.stringContaining('dead') as string,
    });
  });
});

describe('two at once', () => {
  test('the one whose write comes second looks again and waits', async () => {
    const { journal, ports } = three();
    const holder = candidateOf(record({ deployment: 'a', key: [1] }));
    const faster = () =>
      void journal.writeQueue(serviceName, '4711/web', { lock: { version: 0, nextTicket: 1, waiters: [], holder } });
    const look = admit({ ...ports, journal: before(journal, 'writeQueue', faster) });
    expect(await look(input('b'))).toMatchObject({ because: 'behind a' });
  });

  test('of twenty, one is admitted, and all targets have their one waiter', async () => {
    const { open, look, journal } = world();
    const names = Array.from({ length: 20 }, (_, index) => `e${index}`);
    for (const [index, name] of names.entries()) open(name, { key: [index], target: `4711/t${index % 4}` });
    const outputs = await Promise.all(
      names.map(async (name) => look(name).catch((error: unknown) => (error as Error).name)),
    );
    expect(outputs.filter((one) => typeof one === 'object' && one.state === 'admitted')).toHaveLength(1);
    const targets = lockOf(journal)?.waiters.map(({ target }) => target) ?? [];
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('a queue that changes at every try is no refusal: AwsUnavailable, to be tried again', async () => {
    const { journal, ports } = three();
    const look = admit({ ...ports, journal: { ...journal, writeQueue: () => Promise.resolve(false) } });
    await expect(look(input('a'))).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });
});

test('a journal that cannot be read takes no lock', async () => {
  const { journal, ports } = three();
  await expect(admit({ ...ports, journal: failing(journal, 'queue') })(input('a'))).rejects.toThrow();
  expect(journal.locks.size).toBe(0);
});

test('a stopped execution that is settled while it looks does not keep the lock either', async () => {
  const { open, journal, ports } = world();
  open('web-1', {});
  const settled = () => journal.records.set('web-1', record({ deployment: 'web-1', end: end() }));
  const look = admit({ ...ports, journal: before(journal, 'queue', settled) })(input('web-1'));
  await expect(look).rejects.toMatchObject({ name: 'LockLost' });
  expect(lockOf(journal)?.holder).toBeUndefined();
});

// The Lambda of a stopped execution runs on for up to 30 s: the recovery may be through before it writes.
test('a stopped execution that looks once more, after its recovery settled it, does not keep the lock', async () => {
  const { open, look, journal, workflows, ports } = world();
  open('web-1', {});
  workflows.end('web-1', 'ABORTED');
  expect(await recover(ports)({ execution: 'web-1' })).toEqual({ result: 'started' });
  expect(await takeOver(ports)({ execution: 'web-1-recover', resume: 'web-1' })).toMatchObject({ state: 'idle' });
  const ends = settle(ports);
  const of = { deployment: 'web-1', target: '4711/web' };
  await ends({ execution: 'web-1-recover', state: { of, failure: { Error: 'ExecutionDied' } } });
  await expect(look('web-1')).rejects.toMatchObject({ name: 'LockLost' });
  expect(lockOf(journal)?.holder).toBeUndefined();
  expect(journal.records.get('web-1')?.end).toMatchObject({ failure: 'ExecutionDied' });
});
