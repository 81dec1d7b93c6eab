import { secondsLeft } from '../../../local/demo/plan.ts';
import { inMinutes, timeLeft } from '../../../cli/words.ts';

const parts = [
  { name: 'start', usual: 10 },
  { name: 'work', usual: 20 },
  { name: 'end', usual: 5 },
];

test.each([
  ['start', 0, 35],
  ['start', 4, 31],
  ['work', 5, 20],
  ['end', 0, 5],
])('in %s after %d s, %d s are left', (name, seconds, left) => {
  expect(secondsLeft(name, seconds, parts)).toBe(left);
});

test('a part that takes longer than usual takes nothing off what comes after it', () => {
  expect(secondsLeft('work', 60, parts)).toBe(5);
});

test('what is not in the plan leaves nothing to tell', () => {
  expect(secondsLeft('else', 1, parts)).toBe(0);
});

test.each([
  [0.4, 'a moment left'],
  [6, 'a few seconds left'],
  [11, 'about 15 s left'],
  [35, 'about 35 s left'],
])('%d s are %s', (seconds, words) => {
  expect(timeLeft(seconds)).toBe(words);
});

test.each([
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [152, '2 min 32 s'],
])('%d s of world time are %s', (seconds, words) => {
  expect(inMinutes(seconds)).toBe(words);
});
