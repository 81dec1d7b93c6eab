import { eventsBetween, usersGoneFrom } from '../../../../local/demo/swap/events.ts';
import type { Sight } from '../../../../local/demo/swap/sight.ts';
import { liveScaling, seen } from './seen-pair.ts';

const texts = (before: Sight, now: Sight, coming: 'blue' | 'green' = 'green'): string[] =>
  eventsBetween(before, now, { coming, alarmName: 'ml-errors' }).map(({ text, mark }) => `${mark ? '! ' : ''}${text}`);

const quiet = { ...liveScaling, suspended: { scaleIn: true, scaleOut: false, scheduled: true } };

test.each<[string, Sight, string[]]>([
  ['nothing', seen(100), []],
  ['only more answers', seen(100, { blue: { requests: 1_010 } }), []],
  ['a step', seen(100, { blue: { weight: 90 }, green: { weight: 10 } }), ['! 10 % to green']],
  [
    'green is started',
    seen(100, { green: { desired: 2, scaling: quiet } }),
    ['Auto Scaling of green: 2–6, no scale-in, no schedules', 'green is to have 2 tasks'],
  ],
  [
    'the test rule',
    seen(100, { blue: { testWeight: 0 }, green: { testWeight: 100 } }),
    ['the test URL leads to green'],
  ],
  ['an error', seen(100, { blue: { failures: 1 } }), ['the first error, from blue']],
  [
    'the alarm',
    seen(100, { green: { failures: 6 }, alarm: 'ALARM' }),
    ['the first error, from green', '! alarm ml-errors went off: users got 6 errors'],
  ],
])('%s', (_what, now, told) => {
  expect(texts(seen(0), now)).toEqual(told);
});

test('what goes on is told once', () => {
  const shifted = { blue: { weight: 90, failures: 3 }, green: { weight: 10, desired: 2, running: 1 } };
  expect(texts(seen(0, shifted), seen(100, shifted))).toEqual([]);
  expect(texts(seen(0, shifted), seen(100, { ...shifted, blue: { ...shifted.blue, failures: 9 } }))).toEqual([]);
});

test('tasks are told when they are as many as there should be', () => {
  const starting = seen(0, { green: { desired: 2 } });
  expect(texts(starting, seen(100, { green: { desired: 2, running: 1 } }))).toEqual([]);
  expect(texts(starting, seen(100, { green: { desired: 2, running: 2 } }))).toEqual(['green has 2 tasks']);
});

test('traffic that is taken back is no step', () => {
  const shifted = seen(0, { blue: { weight: 10 }, green: { weight: 90 }, alarm: 'ALARM' });
  const back = seen(100, { blue: { weight: 0 }, green: { weight: 100 } });
  expect(texts(shifted, back, 'blue')).toEqual([
    '! alarm ml-errors is quiet again',
    '! 100 % back to green, in one write',
  ]);
});

test('users are gone once nobody was answered there for a second, and then since the last answer', () => {
  const home = { blue: { weight: 0 } };
  const at = (ms: number, requests: number): Sight => seen(ms, { blue: { ...home.blue, requests } });
  const last = [at(0, 10), at(100, 12), at(200, 12)];
  expect(usersGoneFrom('blue', last)).toBeUndefined();
  expect(usersGoneFrom('blue', [...last, at(1_100, 12)])).toBe(100);
  expect(usersGoneFrom('blue', [...last, at(1_100, 13)])).toBeUndefined();
  expect(usersGoneFrom('blue', [...last, seen(1_100, { blue: { weight: 10, requests: 12 } })])).toBeUndefined();
  expect(usersGoneFrom('blue', [])).toBeUndefined();
});
