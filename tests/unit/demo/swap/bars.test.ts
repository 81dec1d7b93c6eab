import { scalingWords, statusGist, statusLines, usersShare } from '../../../../local/demo/swap/bars.ts';
import { idleScaling, liveScaling, seen } from './seen-pair.ts';

const history = [
  seen(0, { blue: { requests: 100 }, green: { requests: 900 } }),
  seen(500, { blue: { requests: 500 }, green: { requests: 900 } }),
  seen(1_500, { blue: { weight: 90, requests: 565 }, green: { weight: 10, requests: 935, running: 1, desired: 2 } }),
];

test('what users get is counted over the last second alone', () => {
  expect(usersShare(history)).toEqual({ green: 35, answers: 100 });
  expect(usersShare([])).toEqual({ green: 0, answers: 0 });
  expect(usersShare([seen(0)])).toEqual({ green: 0, answers: 0 });
});

test('two bars: the load balancer’s weights, and what users get; then tasks, scaling, answers and errors of both', () => {
  const [weights, users, ...more] = statusLines(history, 'ml-errors');
  expect(weights).toBe(`weights   blue ${'░'.repeat(36)}████ green  90 : 10`);
  expect(users).toBe(
    `users     blue ${'░'.repeat(26)}${'█'.repeat(14)} green  65 : 35 of the last second's 100 answers`,
  );
  expect(more).toEqual([
    'tasks     blue A 2/2                          green A 1/2',
    'scaling   blue 2–6                            green 0–6, at rest',
    'answers   blue 565, of them errors 0          green 935, of them errors 0',
    'alarm     ml-errors: OK',
  ]);
  expect(statusLines([], 'ml-errors')).toEqual([]);
});

test('the same in one line', () => {
  expect(statusGist(history, 'ml-errors').join(' | ')).toBe(
    'blue, green: weights 90, 10 | users 65, 35 % | tasks A 2/2, A 1/2 | answers 565, 935 | errors 0, 0 | ml-errors OK',
  );
});

test.each([
  [undefined, 'no Auto Scaling'],
  [liveScaling, '2–6'],
  [idleScaling, '0–6, at rest'],
  [
    { ...liveScaling, suspended: { scaleIn: true, scaleOut: false, scheduled: true } },
    '2–6, no scale-in, no schedules',
  ],
  [{ ...liveScaling, suspended: { scaleIn: false, scaleOut: true, scheduled: false } }, '2–6, no scale-out'],
])('%j is “%s”', (scaling, words) => {
  expect(scalingWords(scaling)).toBe(words);
});
