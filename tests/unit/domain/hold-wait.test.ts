import fc from 'fast-check';
import { holdWait } from '../../../lib/domain/hold-wait.ts';
import { interval } from '../../support/samples.ts';

test.each([
  ['the usual time', { phase: 0, total: 0 }, 60, { phase: 15, total: 15, seconds: 15 }],
  ['more slowly after a while', { phase: 0, total: 600 }, 300, { phase: 60, total: 660, seconds: 60 }],
  ['what is left', { phase: 50, total: 50 }, 60, { phase: 60, total: 60, seconds: 10 }],
  ['what is left, when looks are slow', { phase: 40, total: 700 }, 60, { phase: 60, total: 720, seconds: 20 }],
  ['the usual time when nothing is left', { phase: 60, total: 60 }, 60, { phase: 75, total: 75, seconds: 15 }],
  ['the usual time for a step of no time', { phase: 0, total: 0 }, 0, { phase: 15, total: 15, seconds: 15 }],
  ['the usual time beyond the end', { phase: 90, total: 90 }, 60, { phase: 105, total: 105, seconds: 15 }],
])('waits %s', (_what, pace, hold, wait) => {
  expect(holdWait(pace, interval, hold)).toEqual(wait);
});

test('the looks of a step end exactly with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7200 }), fc.integer({ min: 0, max: 1200 }), (hold, total) => {
      let wait = holdWait({ phase: 0, total }, interval, hold);
      let looks = 1;
      while (wait.phase < hold) {
        wait = holdWait(wait, interval, hold);
        looks += 1;
      }
      expect(wait).toMatchObject({ phase: hold, total: total + hold });
      expect(looks).toBeLessThanOrEqual(Math.ceil(hold / interval.fast));
    }),
  );
});
