import { stripVTControlCharacters } from 'node:util';
import { statusGist, statusLines } from '../../../../local/demo/rotation/rotation-status.ts';
import { history, hookAt, sent } from './seen-hooks.ts';

const linesAt = (now: number, more = sent): string[] =>
  statusLines({ sent: more, history }, now).map(stripVTControlCharacters);

test('the labels, which version accepted what in the last half minute, and counts', () => {
  const [labels, picture, , counts] = linesAt(30_000);
  expect(labels).toBe('hook secret    AWSCURRENT new-vers   AWSPENDING none');
  expect(picture).toBe(`hooks          ${'█ '.repeat(15)}${'▒ '.repeat(5)}${'█ '.repeat(10)}`);
  expect(counts).toBe('30 hooks: accepted by AWSCURRENT 25, by AWSPENDING 5, by anything else 0; refused 0');
});

test('what is refused, or accepted by a version out of use, is seen at once', () => {
  const strange = [hookAt(29_500, { status: 401 }), hookAt(28_500, { fingerprints: { token: 'old' } })];
  const [, picture = '', , counts] = linesAt(30_000, [...sent, ...strange]);
  expect(picture.slice(-3)).toBe('?█✖');
  expect(counts).toContain('by anything else 1; refused 1');
});

test('in one line it is the counts', () => {
  expect(statusGist({ sent, history })).toEqual([linesAt(30_000)[3]]);
});
