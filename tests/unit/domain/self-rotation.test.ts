import {
  isFresh,
  nextSelfStep,
  selfRotateLimit,
  type OpenAttempt,
  type SelfStep,
} from '../../../lib/domain/self-rotation.ts';

const start = Date.parse('2026-12-01T12:00:00Z');
const at = new Date(start).toISOString();
const after = (milliseconds: number): string => new Date(start + milliseconds).toISOString();

const step = (attempt: OpenAttempt | undefined, alive: boolean, asked: number, took = 0): SelfStep =>
  nextSelfStep(attempt, { alive, asked: new Date(start + asked), answered: new Date(start + asked + took) });

test('a call of self/rotate is given up after half a minute', () => {
  expect(selfRotateLimit).toBe(30_000);
});

test('without an attempt only a living token may replace itself', () => {
  expect(step(undefined, true, 0)).toEqual({ do: 'attempt' });
  expect(step(undefined, false, 0)).toEqual({ do: 'dead' });
});

test.each<[string, number, SelfStep]>([
  ['within the time-out', 0, { do: 'wait', milliseconds: 30_001 }],
  ['at its end', 30_000, { do: 'wait', milliseconds: 1 }],
  ['after it', 30_001, { do: 'note alive', aliveAt: after(30_501) }],
])('a first "alive" %s', (_, asked, next) => {
  expect(step({ at }, true, asked, 500)).toEqual(next);
});

test.each<[number, SelfStep]>([
  [59_999, { do: 'wait', milliseconds: 1 }],
  [60_000, { do: 'attempt' }],
])('a second "alive" %d ms after the first', (later, next) => {
  expect(step({ at, aliveAt: after(40_000) }, true, 40_000 + later, 500)).toEqual(next);
});

test.each<[number, SelfStep]>([
  [0, { do: 'wait', milliseconds: 180_000 }],
  [179_999, { do: 'wait', milliseconds: 1 }],
  [180_000, { do: 'lost' }],
])('"dead" %d ms after the attempt', (asked, next) => {
  for (const attempt of [{ at }, { at, aliveAt: after(40_000) }]) expect(step(attempt, false, asked)).toEqual(next);
});

test('an attempt is made within ten seconds, or not at all', () => {
  expect(isFresh({ at }, new Date(start + 9_999))).toBe(true);
  expect(isFresh({ at }, new Date(start + 10_000))).toBe(false);
});
