import { lookAtDeployment } from '../../../cli/look-at-deployment.ts';
import { phasesOf } from '../../../cli/phases.ts';
import type { Sight } from '../../../cli/sight.ts';
import { blockLines, changeLines, timeLeft } from '../../../cli/watch-lines.ts';
import { watchScreen } from '../../../cli/watch-screen.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { freeLock, type Waiter } from '../../../lib/domain/admission.ts';
import { candidateOf } from '../../support/memory-journal.ts';
import {
  blueGroup,
  copyRule,
  digest,
  end,
  forward,
  found,
  greenGroup,
  greenService,
  olderDigest,
  record,
  revisionArn,
  rollout,
  service,
  swapFound,
  swapRecord,
} from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const copied = { ...copyRule, from: { repository: 'acme/web/app', tag: 'v1' } };

const picture = (change: Partial<DeploymentRecord>, behind?: string, of = record(change)): string =>
  phasesOf({ record: of, ...(behind === undefined ? {} : { behind }) })
    .map(({ name, state }) => `${{ done: '+', now: '>', 'to come': '-', failed: '!' }[state]}${name}`)
    .join(' ');

describe('the phases', () => {
  test('begin with GitLab’s word', () => {
    expect(phasesOf({}).map(({ state }) => state)).toEqual(['now', 'to come', 'to come', 'to come', 'to come']);
  });

  const failed = end({ outcome: 'failed', failure: 'RolloutFailed' });
  test('wait for their turn behind another', () => {
    expect(picture({}, 'web-0')).toBe('+confirm >turn -look -register -rollout');
  });

  test.each<[string, string, Partial<DeploymentRecord>]>([
    ['admitted', '+confirm +turn >look -register -rollout', {}],
    ['looked, nothing to copy', '+confirm +turn +look >register -rollout', { found }],
    ['looked, and copying', '+confirm +turn +look >copy -register -rollout', { found, copy: copied }],
    [
      'registering',
      '+confirm +turn +look +copy >register -rollout',
      { found, copy: copied, registering: { after: 7 } },
    ],
    ['rolling', '+confirm +turn +look +register >rollout', { found, starting: { revision: 'x' } }],
    ['deployed', '+confirm +turn +look +register +rollout', { found, starting: { revision: 'x' }, end: end() }],
    ['failed while looking', '+confirm +turn !look -register -rollout', { end: failed }],
    ['superseded', '+confirm +turn -look -register -rollout', { end: end({ outcome: 'superseded' }) }],
    [
      'undoing',
      '+confirm +turn +look +register !rollout >undo',
      { found, starting: { revision: 'x' }, undoing: { to: 'y' } },
    ],
    [
      'undone',
      '+confirm +turn +look +register !rollout +undo',
      { found, starting: { revision: 'x' }, undoing: { to: 'y' }, end: failed },
    ],
    [
      'not undone',
      '+confirm +turn +look +register !rollout !undo',
      {
        found,
        starting: { revision: 'x' },
        undoing: { to: 'y' },
        end: end({ outcome: 'failed', failure: 'UndoFailed' }),
      },
    ],
  ])('%s', (_what, expected, change) => {
    expect(picture(change)).toBe(expected);
  });

  test.each<[string, Partial<DeploymentRecord>]>([
    ['+confirm +turn +look +register >green -shift -retire', { starting: { revision: 'x' } }],
    ['+confirm +turn +look +register +green >shift -retire', { shifting: { step: 0, before: {}, after: {} } }],
    ['+confirm +turn +look +register +green +shift >retire', { succeeded: { at: 'x' } }],
  ])('of a swap: %s', (expected, change) => {
    const of = swapRecord({ found: swapFound(), starting: { revision: 'x' }, ...change });
    expect(picture({}, undefined, of)).toBe(expected);
  });
});

/** A look at this record. */
const look = async (of: DeploymentRecord, act: (here: ReturnType<typeof operatorWorld>) => void = () => undefined) => {
  const here = operatorWorld();
  here.executions.set('web-1', { state: 'running' });
  here.journal.records.set('web-1', of);
  act(here);
  return lookAtDeployment(here.ports, 'web-1', undefined);
};

describe('a look', () => {
  test('says behind whom it waits: the holder, or who comes first', async () => {
    const waiter = (deployment: string, ticket: number): Waiter => ({ ...candidateOf(record({ deployment })), ticket });
    const waiters = [waiter('web-1', 3), waiter('api-2', 2), waiter('api-4', 4)];
    const holder = candidateOf(record({ deployment: 'api-1' }));
    const withHolder = await look(record(), ({ journal }) => {
      journal.locks.set('prod/web', { ...freeLock, waiters, holder });
    });
    const withNone = await look(record(), ({ journal }) => {
      journal.locks.set('prod/web', { ...freeLock, waiters });
    });
    expect([withHolder.behind, withNone.behind]).toEqual(['api-1', 'api-2']);
    expect(blockLines(withHolder)).toContain('  waits behind api-1');
    expect((await look(record())).behind).toBeUndefined();
  });

  test("counts the service's tasks, and those of its own rollout", async () => {
    const rolling = record({ found, revision: revisionArn(8), starting: { revision: revisionArn(8) } });
    const sight = await look(rolling, ({ services }) => {
      const ours = rollout({ id: 'ecs-svc/2', revision: revisionArn(8), running: 1, pending: 1, state: 'IN_PROGRESS' });
      services.set('web', service({ running: 3, rollouts: [ours, rollout({ status: 'ACTIVE' })] }));
    });
    expect(blockLines(sight)).toContain('  tasks web 3 running of 2, of the new revision 1 of 2 (1 pending)');
  });

  test("shows users' shares while colours are swapped, and both colours' tasks", async () => {
    const sight = await look(swapRecord({ found: swapFound() }), ({ services, ports }) => {
      services.set('web-green', greenService({ desired: 2, running: 2 }));
      ports.traffic.actions = () => Promise.resolve([forward({ [blueGroup]: 90, [greenGroup]: 10 })]);
    });
    expect(blockLines(sight).slice(3, 6)).toEqual([
      '  tasks web 2 running of 2',
      '  tasks web-green 2 running of 2',
      `  users web ${'░'.repeat(27)}███ web-green  90 : 10 %`,
    ]);
  });

  test('shows how far each layer of a copy has come', async () => {
    const sight = await look(record({ found, copy: copied }), ({ ports }) => {
      ports.copies.begun.set('web-1', [
        { digest, size: 4096, present: false },
        { digest: olderDigest, size: 1024, present: true },
      ]);
      ports.copies.progress.set(`web-1#${digest}`, { uploadId: 'u', partSize: 1024, next: 1024 });
    });
    expect(sight.layers.map(({ came, present }) => [came, present])).toEqual([
      [1024, false],
      [1024, true],
    ]);
    expect(changeLines(sight)).toContain('image 20 % of 1 layer copied');
  });

  test('takes what ECR has for copied', async () => {
    const sight = await look(record({ found, copy: copied }), ({ ports }) => {
      ports.copies.begun.set('web-1', [{ digest, size: 4096, present: false }]);
      ports.store.available = () => Promise.resolve(new Set([digest]));
    });
    expect(changeLines(sight)).toContain('image 100 % of 1 layer copied');
  });

  test('says that the execution is dead while its recovery cleans up', async () => {
    const sight = await look(record({ found }), ({ executions }) => {
      executions.set('web-1', { state: 'failed', error: 'ABORTED' });
    });
    expect(blockLines(sight)).toContain('  its execution is dead; a recovery cleans up after it');
  });
});

describe('the time left', () => {
  const left = (past: number[], elapsed = 60): string =>
    timeLeft({ record: record(), at: new Date(Date.parse(record().openedAt) + elapsed * 1_000), past });

  test.each([
    [[], 60, '1 min 00 s so far; no earlier deployment of this target tells how long it takes'],
    [[100], 60, '1 min 00 s so far, about 40 s left: 1 min 40 s by 1 earlier deployment'],
    [[100, 500, 90], 60, '1 min 00 s so far, about 40 s left: 1 min 40 s by 3 earlier deployments'],
    [[100, 200], 60, '1 min 00 s so far, about 1 min 30 s left: 2 min 30 s by 2 earlier deployments'],
    [[65], 60, '1 min 00 s so far, a few seconds left: 1 min 05 s by 1 earlier deployment'],
    [[50], 60, '1 min 00 s so far, longer than usual: 50 s by 1 earlier deployment'],
  ])('by %j after %d s', (past, elapsed, expected) => {
    expect(left(past, elapsed)).toBe(expected);
  });

  test("is by this target's deployments that were deployed, the ten newest", async () => {
    const sight = await look(record(), ({ journal }) => {
      for (let number = 0; number < 12; number += 1) {
        const openedAt = new Date(Date.parse('2026-01-01T00:00:00Z') + number * 60_000).toISOString();
        const took = (seconds: number) => new Date(Date.parse(openedAt) + seconds * 1_000).toISOString();
        const ended = end(number === 11 ? { outcome: 'failed', at: took(5) } : { at: took(100 + number) });
        journal.records.set(`old-${number}`, record({ deployment: `old-${number}`, openedAt, end: ended }));
      }
    });
    expect(sight.past).toEqual([110, 109, 108, 107, 106, 105, 104, 103, 102, 101]);
  });
});

describe('the screen', () => {
  const sight: Sight = {
    ...{ deployment: 'web-1', at: new Date(), record: record({ found }), layers: [], tasks: [], past: [], unseen: [] },
  };

  test('is a line for each change where nothing can be drawn over', () => {
    const written: string[] = [];
    const screen = watchScreen({ write: (text: string | Uint8Array) => written.push(String(text)) > 0 }, {});
    screen.show(sight);
    screen.show({ ...sight, at: new Date(0) });
    screen.show({ ...sight, behind: 'api-1' });
    screen.close();
    expect(written).toEqual([
      'web-1 on 4711/web: main 2bf863fe, pipeline 90001\n',
      'register: makes the new revision\n',
      'waits behind api-1\n',
    ]);
  });

  test('is a block that is drawn over on a terminal, and taken away at the end', () => {
    let written = '';
    const out = { isTTY: true, rows: 40, write: (text: string | Uint8Array) => (written += String(text)) !== '' };
    const screen = watchScreen(out, { TERM: 'xterm' });
    screen.show(sight);
    expect(written).toContain('✔ confirm  ✔ turn  ✔ look  ● register  ○ rollout');
    expect(written).toContain('Ctrl-C ends this view; the deployment goes on');
    written = '';
    screen.close();
    expect(written).toContain('\u001b[J');
  });
});
