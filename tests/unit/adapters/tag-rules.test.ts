import { coversTag } from '../../../lib/adapters/gitlab/tag-rules.ts';

test.each([
  ['v1', 'v1'],
  ['v1', 'rev12'],
  ['^v1$', 'v1'],
  ['v\\d+\\.\\d+', 'v1.20'],
  ['(?i)LATEST', 'latest'],
  ['.*', 'anything'],
  ['', 'anything'],
  ['(?P<name>stable)', 'stable'],
  ['\\Astable\\z', 'stable'],
  ['[[:digit:]]{2}', 'v42'],
])('%p covers %p, found anywhere in it', (pattern, tag) => {
  expect(coversTag(pattern, tag)).toBe(true);
});

test.each([
  ['^v1$', 'v12'],
  ['latest', 'Latest'],
  ['v\\d', 'vx'],
  ['\\Astable\\z', 'unstable'],
])('%p does not cover %p', (pattern, tag) => {
  expect(coversTag(pattern, tag)).toBe(false);
});

test.each(['(', '[a', '(?=v1)v1', '(v)\\1', '(?<!a)v1', 'v{2000}', '*'])(
  '%p is no RE2 and covers nothing',
  (pattern) => {
    expect(coversTag(pattern, 'v1')).toBe(false);
    expect(coversTag(pattern, 'vv')).toBe(false);
  },
);

test('no pattern runs away: this one would keep JavaScript’s own expressions busy for ever', () => {
  expect(coversTag('^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(128))).toBe(false);
});
