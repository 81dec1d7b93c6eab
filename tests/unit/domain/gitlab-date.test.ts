import fc from 'fast-check';
import { wholeSeconds } from '../../../lib/domain/gitlab-date.ts';

test.each([
  ['2026-01-05T09:40:00.123Z', '2026-01-05T09:40:00Z'],
  ['2026-01-05 09:40:00 UTC', '2026-01-05T09:40:00Z'],
  ['2026-01-05 11:40:00 +0200', '2026-01-05T09:40:00Z'],
  ['2026-01-05T09:40:00+00:00', '2026-01-05T09:40:00Z'],
  ['', undefined],
  ['soon', undefined],
  [null, undefined],
  [undefined, undefined],
])('%p → %p', (date, whole) => {
  expect(wholeSeconds(date)).toBe(whole);
});

test('any text: undefined, or a date in whole seconds', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(wholeSeconds(text) ?? '2026-01-05T09:40:00Z').toMatch(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }),
  );
});
