import { late, plain, settingOf } from '../../support/settings.ts';
import { shareOf } from '../../support/share.ts';

const titles = Array.from({ length: 60 }, (_, place) => `scene ${place} ${settingOf(1, place).tag}`);
const rest = Array.from({ length: 11 }, (_, place) => `test ${place}`);
const all = [...titles, ...rest];
const ending = (chosen: string[], tag: string) => chosen.filter((title) => title.endsWith(tag)).length;

test('a share has its part of each setting and of the rest, rounded up', () => {
  const chosen = shareOf(all, 0.1, 7);
  expect([ending(chosen, plain.tag), ending(chosen, late.tag), chosen.length]).toEqual([3, 3, 8]);
  expect(all).toEqual(expect.arrayContaining(chosen));
});

test('however small, it is at least one of each', () => {
  expect(shareOf(all, 0.0001, 7)).toHaveLength(3);
});

test('the whole is everything, once', () => {
  expect(shareOf(all, 1, 7).sort()).toEqual([...all].sort());
});

test('the seed decides which', () => {
  expect(shareOf(all, 0.1, 7)).toEqual(shareOf(all, 0.1, 7));
  expect(shareOf(all, 0.1, 7)).not.toEqual(shareOf(all, 0.1, 8));
});

test('every scene is in the other setting with the next seed', () => {
  for (const place of [0, 1, 2, 3]) expect(settingOf(1, place)).not.toBe(settingOf(2, place));
});
