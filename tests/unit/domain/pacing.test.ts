import { hours, minutes, nextWait } from '../../../lib/domain/pacing.ts';
import { interval } from '../../support/samples.ts';

test('looks are fast at first, then slow, and each wait is counted', () => {
  expect(nextWait({ phase: 0, total: 0 }, interval, 'total')).toEqual({ phase: 15, total: 15, seconds: 15 });
  expect(nextWait({ phase: 0, total: 585 }, interval, 'total')).toEqual({ phase: 15, total: 600, seconds: 15 });
  expect(nextWait({ phase: 15, total: 600 }, interval, 'total')).toEqual({ phase: 75, total: 660, seconds: 60 });
});

test('waits are counted in seconds', () => {
  expect([minutes(30), hours(2)]).toEqual([1800, 7200]);
});

test('by the phase: a new phase is fast again', () => {
  expect(nextWait({ phase: 0, total: 9000 }, interval, 'phase').seconds).toBe(15);
});
