import { problemsIn, type Seen } from '../../../local/demo/verdict.ts';

const digest = `sha256:${'b'.repeat(64)}`;
const at = '2026-01-01T00:00:00.000Z';

const rollout = {
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  reason: '',
  taskDefinitionArn: 'workload:2',
  images: [`registry/workload@${digest}`],
  desired: 2,
  running: 2,
  failed: 0,
};

const well: Seen = {
  good: {
    digest,
    execution: { status: 'SUCCEEDED' },
    end: { outcome: 'deployed', because: 'its own rollout completed', at },
  },
  bad: {
    execution: { status: 'FAILED', error: 'RolloutFailed' },
    end: { outcome: 'failed', failure: 'RolloutFailed', because: 'rolled back', undo: 'rolled back by ECS', at },
  },
  service: { rollouts: [rollout] },
  answering: [digest, digest],
  users: { answered: 100, failed: 0, byDigest: { [digest]: 100 }, byService: {}, failures: [] },
  defects: [],
};

test('all is well', () => {
  expect(problemsIn(well)).toEqual([]);
});

const failedEnd = { outcome: 'failed', failure: 'RolloutFailed', because: 'unhealthy', undo: 'undone', at } as const;
const on = (change: object): Seen['service'] => ({ rollouts: [{ ...rollout, ...change }] });

test.each<[string, Partial<Seen>, RegExp]>([
  [
    'B failed',
    { good: { digest, execution: { status: 'FAILED', error: 'RolloutFailed' }, end: failedEnd } },
    /B was not deployed: FAILED \(RolloutFailed\).*unhealthy/,
  ],
  ['B has no journal', { good: { ...well.good, end: undefined } }, /B was not deployed.*no end/],
  ['C was deployed', { bad: well.good }, /C was not undone by name: SUCCEEDED/],
  [
    'C failed by another name',
    { bad: { ...well.bad, execution: { status: 'FAILED', error: 'RolloutTimedOut' } } },
    /C was not undone by name: FAILED \(RolloutTimedOut\)/,
  ],
  ['C was left there', { bad: { ...well.bad, end: { ...failedEnd, undo: 'left alone' } } }, /undo: left alone/],
  ['the service is on another image', { service: on({ images: ['registry/workload:a'] }) }, /is not on B's digest/],
  ['its rollout goes on', { service: on({ rolloutState: 'IN_PROGRESS' }) }, /is not on B's digest.*IN_PROGRESS/],
  ['there is no rollout', { service: { rollouts: [] } }, /no rollout/],
  ['another image answers', { answering: [digest, 'sha256:c'] }, /by sha256:c$/],
  ['nobody answers', { answering: [] }, /by nobody$/],
  [
    'a user noticed',
    { users: { ...well.users, failed: 1, failures: ['status 502'] } },
    /1 user request failed: status 502/,
  ],
  ['there were no users', { users: { ...well.users, answered: 0 } }, /no user was answered/],
  ['the fleet was wrong', { defects: ['DescribeServices: …'] }, /what AWS would not: DescribeServices/],
])('%s', (_what, change, problem) => {
  expect(problemsIn({ ...well, ...change })).toEqual([expect.stringMatching(problem)]);
});
