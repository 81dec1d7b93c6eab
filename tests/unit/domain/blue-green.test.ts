import fc from 'fast-check';
import {
  atOnce,
  isTestUrl,
  presets,
  stepProblems,
  stepsOf,
  swapMinutes,
  type PlannedStep,
} from '../../../lib/domain/blue-green.ts';

describe('a plan of steps', () => {
  test.each<[string, PlannedStep[]]>([
    ['all at once', [...atOnce]],
    ['two steps', [{ weight: 1, minutes: 1 }, { weight: 100 }]],
    ['canary10', [...presets.canary10]],
    ['linear10', [...presets.linear10]],
  ])('%s is good', (_what, plan) => {
    expect(stepProblems(plan)).toEqual([]);
  });

  test.each<[string, PlannedStep[], string[]]>([
    ['that falls', [{ weight: 50, minutes: 1 }, { weight: 20, minutes: 1 }, { weight: 100 }], ['1 weight']],
    ['that stands still', [{ weight: 50, minutes: 1 }, { weight: 50, minutes: 1 }, { weight: 100 }], ['1 weight']],
    ['that begins with nothing', [{ weight: 0, minutes: 1 }, { weight: 100 }], ['0 weight']],
    ['that does not come to the end', [{ weight: 10, minutes: 1 }, { weight: 90 }], ['1 weight']],
    ['that stays in no step', [{ weight: 10 }, { weight: 100 }], ['0 minutes']],
    ['whose last step has an end', [{ weight: 100, minutes: 5 }], ['0 minutes']],
    ['all wrong', [{ weight: 100 }, { weight: 50, minutes: 5 }], ['0 minutes', '1 weight', '1 weight', '1 minutes']],
  ])('%s is not', (_what, plan, problems) => {
    expect(stepProblems(plan).map(({ step, part }) => `${step} ${part}`)).toEqual(problems);
  });

  test('at once: all of it, and the bake', () => {
    expect(stepsOf(atOnce, 7)).toEqual([{ weight: 100, minutes: 7 }]);
  });

  test('canary10: a tenth for five minutes; linear10: a tenth more each minute', () => {
    expect(stepsOf(presets.canary10, 7)).toEqual([
      { weight: 10, minutes: 5 },
      { weight: 100, minutes: 7 },
    ]);
    const steps = stepsOf(presets.linear10, 7);
    expect(steps.map(({ weight }) => weight)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(steps.map(({ minutes }) => minutes)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 7]);
  });

  test('a good one ends with all traffic and its bake, and each step brings more', () => {
    const step = fc.record({ weight: fc.integer({ min: 1, max: 100 }), minutes: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), fc.integer({ min: 0, max: 60 }), (before, bake) => {
        const plan = [...before, { weight: 100 }];
        fc.pre(stepProblems(plan).length === 0);
        const steps = stepsOf(plan, bake);
        expect(steps.at(-1)).toEqual({ weight: 100, minutes: bake });
        const weights = steps.map(({ weight }) => weight);
        expect(weights).toEqual([...new Set(weights)].sort((one, other) => one - other));
      }),
    );
  });
});

test('a swap takes its timeout, its steps and its bake', () => {
  expect(swapMinutes(30, stepsOf(presets.canary10, 7))).toBe(42);
  expect(swapMinutes(1, [])).toBe(1);
});

test.each([
  ['https://web.example.com/health', true],
  ['http://internal-web-1.us-gov-west-1.elb.amazonaws.com:8080/health?deep=1', true],
  ['https://web.example.com', true],
  ['https://user:hunter2@web.example.com/', false],
  ['https://user@web.example.com/', false],
  ['https://:hunter2@web.example.com/', false],
  ['https://web.example.com/#top', false],
  ['https://web.example.com/ health', false],
  ['ftp://web.example.com/', false],
  ['file:///etc/passwd', false],
  ['web.example.com/health', false],
  ['https://', false],
  ['https://[', false],
  [' https://web.example.com/', false],
  ['', false],
])('%p may be asked: %p', (text, good) => {
  expect(isTestUrl(text)).toBe(good);
});
