import { isOneOf, ownBounds } from '../../../lib/domain/scaling-bounds.ts';
import { duringSwap, retired, type ScalableTarget } from '../../../lib/domain/scaling.ts';
import { awake } from '../../support/memory-scaling.ts';

const own: ScalableTarget = { min: 2, max: 6, suspended: awake };

test.each<[string, Partial<ScalableTarget>]>([
  ['min', { min: 1 }],
  ['max', { max: 7 }],
  ['scale-in', { suspended: { ...awake, scaleIn: true } }],
  ['scale-out', { suspended: { ...awake, scaleOut: true } }],
  ['schedule', { suspended: { ...awake, scheduled: true } }],
])('bounds of another %s are somebody else’s', (_what, change) => {
  expect(isOneOf({ ...own, ...change }, [own])).toBe(false);
  expect(isOneOf({ ...own }, [retired(own), own])).toBe(true);
});

test('none are nobody’s', () => {
  expect(isOneOf(undefined, [own])).toBe(false);
});

describe('what a colour has of its own', () => {
  test('is what it has, when no swap left it otherwise', () => {
    expect(ownBounds(own, { colour: 'live', held: undefined })).toBe(own);
    expect(ownBounds(own, { colour: 'idle', held: { ...own, max: 9 } })).toBe(own);
  });

  test('is what live had before, where it is still as during that swap', () => {
    expect(ownBounds(duringSwap(own), { colour: 'live', held: own })).toEqual(own);
  });

  test('is nothing that runs, of the colour that should have been retired', () => {
    expect(ownBounds(duringSwap(own), { colour: 'idle', held: own })).toEqual(retired(own));
  });

  test('is what ops set since', () => {
    const since = { ...duringSwap(own), max: 12 };
    expect(ownBounds(since, { colour: 'live', held: own })).toBe(since);
  });
});
