import { median, rounded } from '../../bench/statistics.ts';

test('of an odd number of values the middle one counts, however they come', () => {
  expect(median([9, 1, 10, 2, 100])).toBe(9);
});

test('of an even number of values the two in the middle count', () => {
  expect(median([4, 1, 100, 2])).toBe(3);
});

test('the values are left as they were', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('no value has no median', () => {
  expect(() => median([])).toThrow(RangeError);
});

test('three decimals are kept, so that a ratio just above its limit is seen to be', () => {
  expect(rounded(1.2006)).toBe(1.201);
  expect(rounded(1.20049)).toBe(1.2);
});
