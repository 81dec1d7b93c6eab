import { chooseDeployment } from '../../../cli/choose-deployment.ts';
import { followedLines } from '../../../cli/followed-lines.ts';
import { follow } from '../../../cli/follow.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { failing } from '../../support/memory-faults.ts';
import { end, found, project, record, without } from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const web1 = { deployment: 'web-1', begun: false };

/** One that is being rolled out. */
const world = () => {
  const here = operatorWorld();
  here.executions.set('web-1', { state: 'running' });
  here.journal.records.set('web-1', record({ found }));
  const ends =
    (change: Parameters<typeof end>[0] = {}) =>
    () =>
      void here.journal.records.set('web-1', record({ found, end: end(change) }));
  return { ...here, ends };
};

test('looks each second until the journal has the end, and shows each look', async () => {
  const { ports, shown, meanwhile, ends } = world();
  meanwhile.push(() => undefined, ends());
  const followed = await follow(ports)(web1);
  expect(shown.map(({ at }) => at.toISOString().slice(17, 19))).toEqual(['00', '01', '02']);
  expect(followed).toMatchObject({ state: 'ended', end: { outcome: 'deployed' }, seconds: 540 });
  expect(followedLines(followed, 'prod')).toMatchObject({
    lines: ['deployed after 9 min 00 s: web-1, 4711/web, main 2bf863fe, pipeline 90001', '  its own rollout completed'],
    code: 0,
  });
});

test.each([
  ['deployed', {}, 0],
  ['already deployed', { outcome: 'already deployed' } as const, 0],
  ['deployed, and the old colour is left', { warning: 'RetireIncomplete' } as const, 1],
  ['failed', { outcome: 'failed', failure: 'RolloutFailed' } as const, 1],
  ['superseded', { outcome: 'superseded' } as const, 4],
  ['outdated', { outcome: 'outdated' } as const, 4],
  ['held', { outcome: 'held' } as const, 4],
])('%s ends with its exit code', async (_what, change, code) => {
  const { ports, ends } = world();
  ends(change)();
  expect(followedLines(await follow(ports)(web1), 'prod').code).toBe(code);
});

test('a failure is told with its reasons, what is left, and where to read on', async () => {
  const { ports, ends } = world();
  const because = 'the rollout failed; task stopped: exit code 1';
  ends({ outcome: 'failed', failure: 'RolloutFailed', because, undo: 'undone' })();
  expect(followedLines(await follow(ports)(web1), 'prod').lines).toEqual([
    'failed as RolloutFailed after 9 min 00 s: web-1, 4711/web, main 2bf863fe, pipeline 90001',
    '  the rollout failed',
    '  task stopped: exit code 1',
    '  undone: the service is on the revision of before again',
    '  what RolloutFailed asks: docs/runbook.md#rolloutfailed',
  ]);
});

describe('what was never confirmed has no record, and ends', () => {
  test.each([
    ['by name', { state: 'failed', error: 'NotConfirmed', because: 'x' } as const, { failure: 'NotConfirmed' }, 1],
    ['as Step Functions says', { state: 'failed', error: 'TIMED_OUT' } as const, { error: 'TIMED_OUT' }, 1],
    [
      'as its last task says',
      { state: 'succeeded', end: { outcome: 'superseded', because: 'x' } } as const,
      { outcome: 'superseded' },
      4,
    ],
  ])('%s', async (_what, view, said, code) => {
    const { ports, executions } = operatorWorld();
    executions.set('web-1', view);
    const followed = await follow(ports)(web1);
    expect(followed).toMatchObject({ state: 'ended', end: said });
    expect(followedLines(followed, 'prod').code).toBe(code);
  });
});

test('a dead execution is not the end: its recovery writes that', async () => {
  const { ports, executions, meanwhile, ends } = world();
  executions.set('web-1', { state: 'failed', error: 'ABORTED' });
  meanwhile.push(() => undefined, ends({ outcome: 'failed', failure: 'ExecutionDied' }));
  expect(await follow(ports)(web1)).toMatchObject({ end: { failure: 'ExecutionDied' } });
});

test('Ctrl-C ends the view at once, also while AWS does not answer, and says that the deployment goes on', async () => {
  const { ports, interrupt } = world();
  const hanging = { ...ports.journal, read: () => new Promise<never>(() => undefined) };
  const following = follow({ ...ports, journal: hanging })(web1);
  interrupt();
  expect(followedLines(await following, 'prod')).toEqual({
    lines: ['web-1 goes on; to see it again: drawbridge watch web-1 --stage prod'],
    value: { deployment: 'web-1', state: 'under way' },
    code: 130,
  });
});

test('a name that nobody knows is no deployment; one that was begun just now may not be seen for a minute', async () => {
  const { ports, shown } = operatorWorld();
  expect(followedLines(await follow(ports)(web1), 'prod')).toMatchObject({
    lines: ['there is no deployment web-1 in this stage'],
    code: 1,
  });
  expect(shown).toHaveLength(1);
  expect(await follow(ports)({ ...web1, begun: true })).toMatchObject({ state: 'unknown' });
  expect(shown).toHaveLength(1 + 61);
});

describe('while AWS', () => {
  test('does not answer it is asked again, thirty times in a row', async () => {
    const { ports, ends } = world();
    ends()();
    const soon = { ...ports, journal: failing(ports.journal, 'read', { times: 29 }) };
    expect(await follow(soon)(web1)).toMatchObject({ state: 'ended' });
    const never = { ...ports, journal: failing(ports.journal, 'read', { times: 1_000 }) };
    await expect(follow(never)(web1)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('refuses what matters, that is said at once', async () => {
    const { ports } = world();
    const failure = new DeployFailure('AwsRefused', 'GetItem: AccessDeniedException');
    const refused = { ...ports, journal: failing(ports.journal, 'read', { failure, times: 1_000 }) };
    await expect(follow(refused)(web1)).rejects.toBe(failure);
  });

  test('refuses what is shown beside, the rest is shown all the same', async () => {
    const { ports, shown, ends } = world();
    ends()();
    const failure = new DeployFailure('AwsRefused', 'DescribeServices: AccessDeniedException');
    const refused = { ...ports, fleet: failing(ports.fleet, 'service', { failure }) };
    expect(await follow(refused)(web1)).toMatchObject({ state: 'ended' });
    expect(shown[0]?.unseen).toEqual(['ECS: DescribeServices: AccessDeniedException']);
  });
});

describe('which one to watch', () => {
  const choose = (here: ReturnType<typeof operatorWorld>, wanted: Parameters<ReturnType<typeof chooseDeployment>>[0]) =>
    chooseDeployment(here.ports)(wanted);

  test('is what is under way, but no recovery', async () => {
    const here = world();
    here.executions.set('web-0-recover', { state: 'running' });
    expect(await choose(here, 'under way')).toEqual({ deployment: 'web-1' });
  });

  test('is for the person to say when there are several, and nobody when there is none', async () => {
    const here = world();
    here.executions.set('web-2', { state: 'running' });
    expect(await choose(here, 'under way')).toMatchObject({ several: ['web-1', 'web-2'] });
    expect(await choose(operatorWorld(), 'under way')).toEqual({ because: 'nothing is under way' });
  });

  test("is a target's newest", async () => {
    const here = world();
    here.journal.records.set(
      'web-0',
      without(record({ deployment: 'web-0', openedAt: '2026-01-01T00:00:00Z' }), 'end'),
    );
    expect(await choose(here, { target: { project, name: 'web' } })).toEqual({ deployment: 'web-1' });
    expect(await choose(here, { target: { project, name: 'api' } })).toMatchObject({
      because: 'no deployment of 4711/api is known',
    });
  });
});
