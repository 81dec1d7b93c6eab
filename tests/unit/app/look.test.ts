import { look } from '../../../lib/app/look.ts';
import type { LookInput } from '../../../lib/app/look-service.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { deploymentTag } from '../../../lib/domain/revision.ts';
import type { Rollout } from '../../../lib/domain/rollout.ts';
import { losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding, memoryJournal } from '../../support/memory-journal.ts';
import { memoryColours } from '../../support/memory-colours.ts';
import { memoryWorkflows, stoppedClock } from '../../support/memory-ports.ts';
import {
  digest,
  found,
  interval,
  noWait,
  olderDigest,
  operatorCause,
  record,
  revision,
  revisionArn,
  rollout,
} from '../../support/samples.ts';

const input: LookInput = {
  execution: 'web-1',
  deployment: 'web-1',
  digest,
  wait: noWait,
};

const world = () => {
  const fleet = memoryFleet();
  const ports = {
    ...{ fleet, journal: journalHolding(record()), workflows: memoryWorkflows(), interval, clock: stoppedClock() },
    ...memoryColours(fleet),
  };
  return { ...ports, see: (change: Partial<LookInput> = {}) => look(ports)({ ...input, ...change }) };
};
type World = ReturnType<typeof world>;

const underWay = (change: Partial<Rollout> = {}): Rollout =>
  rollout({ id: 'ecs-svc/5', state: 'IN_PROGRESS', revision: revisionArn(8), ...change });

/** Revision 8 is being rolled out over 7, by the execution of that name if one is given. */
const busyWith = ({ fleet }: World, execution?: string) => {
  const tags = execution === undefined ? [] : [{ key: deploymentTag, value: execution }];
  fleet.revisions.set(revisionArn(8), revision(8, { tags }));
  fleet.change(() => ({ revision: revisionArn(8), rollouts: [underWay(), rollout({ status: 'ACTIVE' })] }));
};

describe('a service at rest', () => {
  test('is ready, and what runs on it is journalled as the way back', async () => {
    const { journal, fleet, see } = world();
    expect(await see({ wait: { phase: 45, total: 45, seconds: 15 } })).toEqual({
      state: 'ready',
      strategy: 'rolling',
      wait: { phase: 0, total: 45, seconds: 15 },
    });
    expect(journal.records.get('web-1')?.found).toEqual({ ...found, at: '2026-01-05T09:40:00.000Z' });
    expect(fleet.writes).toEqual([]);
  });

  test('looked at again after a lost answer, is ready again', async () => {
    const ports = world();
    const see = look({ ...ports, journal: losingAnswers(ports.journal, 'note') });
    await expect(see(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(await see(input)).toMatchObject({ state: 'ready' });
  });

  test('with the image on it ends already deployed, and nothing is journalled', async () => {
    const { journal, see } = world();
    expect(await see({ digest: olderDigest })).toMatchObject({ state: 'ended', outcome: 'already deployed' });
    expect(journal.records.get('web-1')).not.toHaveProperty('found');
  });
});

/** Another record than `record()`. */
const recorded = ({ journal }: World, change: Partial<DeploymentRecord>) =>
  journal.records.set('web-1', record(change));

describe('refused before the first write', () => {
  test.each<[string, (world: World) => unknown]>([
    [
      'ServiceMissing',
      ({ fleet }) => {
        fleet.services.clear();
      },
    ],
    [
      'NothingToRun',
      ({ fleet }) => {
        fleet.change(() => ({ desired: 0 }));
      },
    ],
    [
      'UnsupportedService',
      ({ fleet }) => {
        fleet.change(() => ({ controller: 'CODE_DEPLOY' }));
      },
    ],
    [
      'CannotRoll',
      ({ fleet }) => {
        fleet.change(() => ({ maximum: 100 }));
      },
    ],
    ['ContainerMissing', (here) => recorded(here, { containers: ['app', 'sidecar'] })],
    ['ContainerMissing', (here) => recorded(here, { containers: ['constructor'] })],
    [
      'NoWayBack',
      ({ fleet }) => {
        fleet.front({ state: 'FAILED' });
      },
    ],
    ['NoWayBack', ({ fleet }) => fleet.revisions.set(revisionArn(7), revision(7, { active: false }))],
  ])('%s', async (name, act) => {
    const here = world();
    act(here);
    await expect(here.see()).rejects.toMatchObject({ name });
    expect(here.fleet.writes).toEqual([]);
    expect(here.journal.records.get('web-1')).not.toHaveProperty('found');
  });

  test('Unexpected, when there is no such deployment', async () => {
    const ports = { ...world(), journal: memoryJournal() };
    await expect(look(ports)(input)).rejects.toMatchObject({ name: 'Unexpected' });
  });

  test('LockLost, when another execution holds the lock', async () => {
    const ports = world();
    await expect(look(ports)({ ...input, execution: 'web-9' })).rejects.toMatchObject({ name: 'LockLost' });
  });
});

describe('a rollout under way', () => {
  test('that is somebody else’s is waited for', async () => {
    const here = world();
    busyWith(here);
    expect(await here.see()).toMatchObject({ state: 'busy', wait: { phase: 15, total: 15, seconds: 15 } });
  });

  test('is waited for as long as the target’s own timeout, then ServiceBusy', async () => {
    const here = world();
    busyWith(here);
    expect(await here.see({ wait: { phase: 1799, total: 1799, seconds: 60 } })).toMatchObject({ state: 'busy' });
    await expect(here.see({ wait: { phase: 1800, total: 1800, seconds: 60 } })).rejects.toMatchObject({
      name: 'ServiceBusy',
    });
  });

  test('that a failed Undo of ours left is replaced, though its revision was never ours', async () => {
    const here = world();
    busyWith(here);
    const lock = here.journal.locks.get('prod/web');
    if (lock !== undefined) here.journal.locks.set('prod/web', { ...lock, failedUndoTo: revisionArn(8) });
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });

  test('is replaced by an operator, whosever it is', async () => {
    const here = world();
    recorded(here, { cause: operatorCause });
    busyWith(here);
    expect(await here.see()).toMatchObject({ state: 'ready' });
  });

  test.each([
    ['still runs', (workflows: World['workflows']) => workflows.start('web-0', {})],
    ['cannot be seen, perhaps not yet', () => Promise.resolve()],
  ])('of ours whose execution %s is waited for', async (_what, act) => {
    const here = world();
    busyWith(here, 'web-0');
    await act(here.workflows);
    expect(await here.see()).toMatchObject({ state: 'busy' });
  });

  test.each([undefined, 'RolloutTimedOut'])('of ours whose execution is over (%p) is replaced', async (error) => {
    const here = world();
    busyWith(here, 'web-0');
    await here.workflows.start('web-0', {});
    here.workflows.end('web-0', error);
    expect(await here.see()).toMatchObject({ state: 'ready' });
    expect(here.journal.records.get('web-1')?.found).toMatchObject({
      before: revisionArn(7),
      idsBefore: ['ecs-svc/5', 'ecs-svc/1'],
    });
  });
});

describe('when nothing is completed on the service', () => {
  const failed = (here: World, ...deployed: string[]) => {
    here.fleet.front({ state: 'FAILED' });
    const lock = here.journal.locks.get('prod/web');
    if (lock !== undefined) here.journal.locks.set('prod/web', { ...lock, deployed });
  };

  test('the way back is the newest revision of the journal that is still active', async () => {
    const here = world();
    here.fleet.revisions.set(revisionArn(6), revision(6, { active: false }));
    here.fleet.revisions.set(revisionArn(5), revision(5));
    failed(here, revisionArn(6), revisionArn(5));
    await here.see();
    expect(here.journal.records.get('web-1')?.found).toMatchObject({ before: revisionArn(5), source: revisionArn(5) });
  });

  test('and the journal knows none that is active: NoWayBack', async () => {
    const here = world();
    here.fleet.revisions.set(revisionArn(6), revision(6, { active: false }));
    failed(here, revisionArn(6));
    await expect(here.see()).rejects.toMatchObject({ name: 'NoWayBack' });
  });

  test('what is completed and INACTIVE is cloned, but ECS would not take it back: the way goes to one that is active', async () => {
    const here = world();
    here.fleet.revisions.set(revisionArn(7), revision(7, { active: false }));
    here.fleet.revisions.set(revisionArn(5), revision(5));
    const lock = here.journal.locks.get('prod/web');
    if (lock !== undefined) here.journal.locks.set('prod/web', { ...lock, deployed: [revisionArn(5)] });
    await here.see();
    expect(here.journal.records.get('web-1')?.found).toMatchObject({ before: revisionArn(5), source: revisionArn(7) });
  });

  test('an operator goes on without a way back, from what ECS tries to roll out', async () => {
    const here = world();
    recorded(here, { cause: operatorCause });
    failed(here);
    expect(await here.see()).toMatchObject({ state: 'ready' });
    expect(here.journal.records.get('web-1')?.found).toMatchObject({ source: revisionArn(7) });
    expect(here.journal.records.get('web-1')?.found).not.toHaveProperty('before');
  });

  test('and so does everybody when what runs is a failed rollout of our own', async () => {
    const here = world();
    here.fleet.revisions.set(revisionArn(7), revision(7, { tags: [{ key: deploymentTag, value: 'web-0' }] }));
    failed(here);
    expect(await here.see()).toMatchObject({ state: 'ready' });
    expect(here.journal.records.get('web-1')?.found).not.toHaveProperty('before');
  });

  test('but not when a good rollout of our own is INACTIVE by now', async () => {
    const here = world();
    const tags = [{ key: deploymentTag, value: 'web-0' }];
    here.fleet.revisions.set(revisionArn(7), revision(7, { active: false, tags }));
    await expect(here.see()).rejects.toMatchObject({ name: 'NoWayBack' });
  });
});
