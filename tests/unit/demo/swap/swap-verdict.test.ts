import { swapProblems, type SwapSeen } from '../../../../local/demo/swap/swap-verdict.ts';
import { idleScaling, liveScaling, seen } from './seen-pair.ts';

const digest = `sha256:${'b'.repeat(64)}`;
const at = '2026-01-01T00:00:00.000Z';
const blue = { commit: 'A', weight: 0, testWeight: 100, desired: 0, running: 0, scaling: idleScaling };
const green = { commit: 'B', weight: 100, testWeight: 0, desired: 2, running: 2, scaling: liveScaling };
const afterGood = seen(1, { blue, green });
const afterBad = seen(2, { blue: { ...blue, commit: 'C', failures: 7 }, green });

const well: SwapSeen = {
  good: {
    digest,
    execution: { status: 'SUCCEEDED' },
    end: { outcome: 'deployed', because: 'green proved itself', at },
  },
  bad: {
    execution: { status: 'FAILED', error: 'AlarmRaised' },
    end: { outcome: 'failed', failure: 'AlarmRaised', because: 'an alarm went off', undo: 'undone', at },
  },
  sights: { first: seen(0), afterGood, afterBad },
  weights: [
    { by: 'shift', green: 10 },
    { by: 'shift', green: 50 },
    { by: 'shift', green: 100 },
    { by: 'shift', green: 90 },
    { by: 'undo', green: 100 },
  ],
  answering: [digest, digest],
  users: { answered: 100, failed: 7, byDigest: { [digest]: 100 }, byService: {}, failures: ['status 500'] },
  defects: [],
};

test('all is well', () => {
  expect(swapProblems(well)).toEqual([]);
});

const after = (when: 'afterGood' | 'afterBad', change: Parameters<typeof seen>[1]): Pick<SwapSeen, 'sights'> => {
  const { at: moment, blue: was, green: had } = well.sights[when];
  const sight = seen(moment, { blue: { ...was, ...change?.blue }, green: { ...had, ...change?.green } });
  return { sights: { ...well.sights, [when]: sight } };
};

test.each<[string, Partial<SwapSeen>, RegExp]>([
  ['B failed', { good: { ...well.bad, digest } }, /B was not deployed: FAILED \(AlarmRaised\).*an alarm went off/],
  ['B has no journal', { good: { ...well.good, end: undefined } }, /B was not deployed.*no end/],
  [
    'B was not retired',
    { good: { ...well.good, end: { outcome: 'deployed', because: 'x', warning: 'RetireIncomplete', at } } },
    /B was not deployed.*RetireIncomplete/,
  ],
  ['C was deployed', { bad: well.good }, /C was not undone by name: SUCCEEDED/],
  [
    'C failed by another name',
    { bad: { ...well.bad, execution: { status: 'FAILED', error: 'ColourUnwell' } } },
    /C was not undone by name: FAILED \(ColourUnwell\)/,
  ],
  [
    'C got further',
    { weights: [...well.weights.slice(0, -1), { by: 'shift', green: 50 }, ...well.weights.slice(-1)] },
    /written by .*shift 90 %, shift 50 %, undo 100 %, instead of/,
  ],
  [
    'a person moved users',
    { weights: [...well.weights, { by: 'somebody-else', green: 50 }] },
    /written by .*undo 100 %, somebody-else 50 %, instead of/,
  ],
  [
    'B was not brought in by steps',
    { weights: well.weights.slice(2) },
    /written by shift 100 %, shift 90 %.*instead of/,
  ],
  ['blue kept traffic', after('afterBad', { blue: { weight: 10 } }), /after C, the weight of blue is 10, not 0/],
  ['green runs C', after('afterBad', { green: { commit: 'C' } }), /after C, the commit of green is C, not B/],
  [
    'blue was not shrunk',
    after('afterGood', { blue: { desired: 2, running: 0 } }),
    /after B, the desired count of blue is 2/,
  ],
  [
    'a task stayed',
    after('afterBad', { blue: { running: 1 } }),
    /after C, the number of running tasks of blue is 1, not 0/,
  ],
  [
    'green is too small',
    after('afterGood', { green: { running: 1 } }),
    /after B, the number of running tasks of green is 1, not 2/,
  ],
  [
    'scale-in rests for ever',
    after('afterBad', {
      green: { scaling: { ...liveScaling, suspended: { ...liveScaling.suspended, scaleIn: true } } },
    }),
    /after C, the Auto Scaling of green is 2–6, no scale-in, not 2–6$/,
  ],
  [
    'the test rule leads to C',
    after('afterBad', { blue: { testWeight: 0 } }),
    /after C, the weight in the test rule of blue/,
  ],
  ['B failed users', after('afterBad', { green: { failures: 1 } }), /B failed 1 request$/],
  [
    'nobody saw C',
    { ...after('afterBad', { blue: { failures: 0 } }), users: { ...well.users, failed: 0 } },
    /no user got an error/,
  ],
  [
    'somebody else failed users',
    { users: { ...well.users, failed: 8 } },
    /users count 8 failures, C's tasks 7: status 500/,
  ],
  ['there were no users', { users: { ...well.users, answered: 0 } }, /no user was answered/],
  ['another image answers', { answering: [digest, 'sha256:c'] }, /by sha256:c$/],
  ['nobody answers', { answering: [] }, /by nobody$/],
  ['the fleet was wrong', { defects: ['ModifyRule: …'] }, /what AWS would not: ModifyRule/],
])('%s', (_what, change, problem) => {
  expect(swapProblems({ ...well, ...change })).toEqual([expect.stringMatching(problem)]);
});

test('errors before C came are told, too', () => {
  const early = seen(1, { blue: { ...blue, failures: 1 }, green });
  const sights = { ...well.sights, afterGood: early, afterBad: seen(2, { blue: { ...blue, failures: 8 }, green }) };
  expect(swapProblems({ ...well, sights })).toEqual([expect.stringMatching(/1 request failed before C came/)]);
});
