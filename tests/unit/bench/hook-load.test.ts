import { fates, faults, lines, type HookLoad } from '../../soak/hook-load-judged.ts';

const stream = { perSecond: 1_200, p50Ms: 4, p99Ms: 60, processorMs: { workers: 1.5, around: 0.5 } };
const found = (change: Partial<HookLoad> = {}): HookLoad => ({
  ...{ workers: 8, seconds: 60, hooks: 3, hook: stream, empty: stream, answers: { 202: 3 } },
  ...{ calls: 9, disturbedCalls: 1, lost: 0, unanswered: 0, twice: 0 },
  ...change,
});
const told = (executions: string[], change = {}) => ({ hooks: 2, answers: {}, executions, unanswered: 0, ...change });

test('each hook has its one execution', () => {
  expect(fates(told(['a', 'b']), ['a', 'b'])).toEqual({ lost: 0, unanswered: 0, twice: 0 });
});

test.each([
  ['an execution that was told is not there', told(['a', 'b']), ['a'], { lost: 1 }],
  ['a 202 told of no execution', told(['a']), ['a', 'b'], { lost: 1 }],
  ['two hooks were told of the same one', told(['a', 'a']), ['a'], { lost: 1 }],
  ['a second one was begun for a hook', told(['a', 'b']), ['a', 'b', 'c'], { twice: 1 }],
  ['a hook was never answered', told(['a'], { unanswered: 1 }), ['a', 'b'], { unanswered: 1 }],
])('%s: seen', (_what, asked, there, seen) => {
  expect(fates(asked, there)).toEqual({ lost: 0, unanswered: 0, twice: 0, ...seen });
});

test('a run is well when nothing is lost, unanswered or twice, and some calls were disturbed', () => {
  expect(faults(found())).toEqual([]);
  for (const wrong of [{ lost: 1 }, { unanswered: 1 }, { twice: 1 }, { hooks: 0 }, { disturbedCalls: 0 }])
    expect(faults(found(wrong))).toHaveLength(1);
});

test('how fast it was is said, beside an empty handler, and whether that is enough', () => {
  expect(lines(found())).toEqual([
    '3 hooks in 60 s at 8 workers, answers {"202":3}',
    '9 calls to AWS, 1 disturbed; lost 0, started twice 0',
    'hook: 1200/s, p50 4 ms, p99 60 ms; processor 1.5 ms at the worker, 0.5 ms around it',
    'empty handler: 1200/s, p50 4 ms, p99 60 ms; processor 1.5 ms at the worker, 0.5 ms around it',
    'at least the 1000/s that it is to be',
  ]);
  expect(lines(found({ hook: { ...stream, perSecond: 999 } })).at(-1)).toMatch(/^less than/);
});
