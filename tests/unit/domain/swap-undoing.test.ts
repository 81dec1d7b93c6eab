import fc from 'fast-check';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import type { RolloutVerdict } from '../../../lib/domain/rollout.ts';
import { isOneOf } from '../../../lib/domain/scaling-bounds.ts';
import { begunSwapOf, isOurs } from '../../../lib/domain/swap.ts';
import { routeBack, shrinkGreen } from '../../../lib/domain/swap-undoing.ts';
import {
  blueGroup,
  greenGroup,
  greenService,
  revisionArn,
  rollout,
  swapFound,
  swapRecord,
} from '../../support/samples.ts';
import { scaled } from '../../support/swap-scene.ts';

const weights = (blue: number, green: number) => ({ [blueGroup]: blue, [greenGroup]: green });
const [home, canary, full] = [weights(100, 0), weights(90, 10), weights(0, 100)];
const record = (change: Partial<DeploymentRecord> = {}, found = {}) =>
  begunSwapOf(swapRecord({ found: swapFound(found), starting: { revision: revisionArn(8), desired: 2 }, ...change }));
const shifted = record({ shifting: { step: 0, before: home, after: canary } });
const well = { live: 2, green: 2 };
const dead = { live: 0, green: 1 };

describe('traffic', () => {
  test.each([
    ['at our step goes back', shifted, canary, well, true, { do: 'route', to: home }],
    ['at our step goes back at any look', shifted, canary, well, false, { do: 'route', to: home }],
    ['that seems to be back is written back at the first look', shifted, home, well, true, { do: 'route', to: home }],
    ['that is back is left', shifted, home, well, false, { do: 'nothing' }],
    ['that never moved is left', record(), home, well, true, { do: 'nothing' }],
    ['that never moved goes to green when nobody else answers', record(), home, dead, true, { do: 'rescue', to: full }],
    ['at a step to come is not ours', shifted, full, well, true, { do: 'leave' }],
    ['at no step is not ours', shifted, weights(70, 30), well, true, { do: 'leave' }],
    ['before we wrote is not ours', record(), canary, well, true, { do: 'leave' }],
    ['of which nothing is known is not ours', shifted, undefined, well, true, { do: 'leave' }],
    ['at our step goes to green when nobody else answers', shifted, canary, dead, true, { do: 'rescue', to: full }],
    ['that is back goes to green when nobody else answers', shifted, home, dead, false, { do: 'rescue', to: full }],
    ['goes back when nobody answers at all', shifted, canary, { live: 0, green: 0 }, true, { do: 'route', to: home }],
    ['not ours is left to a dead colour', shifted, weights(70, 30), dead, true, { do: 'leave' }],
  ] as const)('%s', (_what, one, now, healthy, isFirst, step) => {
    expect(routeBack(one, { weights: now, healthy }, isFirst)).toEqual(step);
  });

  test('rescued is ours, and goes back once the other colour answers', () => {
    const rescued = record({ shifting: { step: 0, before: home, after: canary }, undoing: { to: greenGroup } });
    expect(routeBack(rescued, { weights: full, healthy: dead }, true)).toEqual({ do: 'rescue', to: full });
    expect(routeBack(rescued, { weights: full, healthy: well }, true)).toEqual({ do: 'route', to: home });
    expect(routeBack(rescued, { weights: weights(30, 70), healthy: dead }, true)).toEqual({ do: 'leave' });
  });

  test('is only ever written over our own weights, and to a colour that answers if one does', () => {
    const any = fc.integer({ min: 0, max: 100 });
    const few = fc.integer({ min: 0, max: 2 });
    const sights = fc.record({
      blue: any,
      green: fc.oneof(any, fc.constantFrom(0, 10, 100)),
      step: fc.integer({ min: -1, max: 1 }),
      live: few,
      greens: few,
      isFirst: fc.boolean(),
      sums: fc.boolean(),
    });
    fc.assert(
      fc.property(sights, ({ blue, green, step, live, greens, isFirst, sums }) => {
        const one = step < 0 ? record() : record({ shifting: { step, before: home, after: canary } });
        const now = sums ? weights(100 - green, green) : weights(blue, green);
        const routed = routeBack(one, { weights: now, healthy: { live, green: greens } }, isFirst);
        if (!('to' in routed)) return;
        expect(isOurs(one, now, step)).toBe(true);
        expect([home, full]).toContainEqual(routed.to);
        const [chosen, other] = routed.to[blueGroup] === 100 ? [live, greens] : [greens, live];
        if (other > 0) expect(chosen).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('green', () => {
  const ours = rollout({ id: 'ecs-svc/2', revision: revisionArn(8) });
  const green = (change = {}) => greenService({ desired: 2, running: 2, rollouts: [ours], ...change });
  const completed: RolloutVerdict = { state: 'completed' };
  const replaced: RolloutVerdict = { state: 'replaced', because: 'x' };
  const back: RolloutVerdict = { state: 'rolled back', because: 'x' };
  const other = [rollout({ id: 'ecs-svc/9', revision: revisionArn(6) })];
  const [shrink, wait] = [{ do: 'shrink' }, { do: 'wait' }] as const;
  const nothing = (result: string) => ({ do: 'nothing', result });

  test.each([
    ['ours', green(), completed, shrink],
    ['taken back by ECS', green({ rollouts: other }), back, shrink],
    ['deployed on by somebody else', green({ rollouts: other }), replaced, nothing('left alone')],
    ['shrunk', green({ desired: 0 }), completed, nothing('undone')],
    ['scaled down by somebody else', green({ desired: 1 }), completed, nothing('left alone')],
    ['scaled up by somebody else', green({ desired: 3 }), completed, nothing('left alone')],
    ['as it was before', greenService(), { state: 'unseen' }, wait],
    ['without a rollout', green({ rollouts: [] }), { state: 'unseen' }, wait],
    ['being deleted', green({ status: 'DRAINING' }), completed, wait],
    ['not there', undefined, undefined, wait],
  ] as const)('%s', (_what, service, verdict, step) => {
    expect(shrinkGreen(record(), { green: service, verdict }, false)).toEqual(step);
    const later = step === wait ? nothing('nothing written') : step;
    expect(shrinkGreen(record(), { green: service, verdict }, true)).toEqual(later);
  });

  test('that scaled out, with bounds of its own, is ours', () => {
    expect(shrinkGreen(record({}, scaled), { green: green({ desired: 3 }), verdict: completed }, true)).toEqual(shrink);
    expect(shrinkGreen(record({}, scaled), { green: green({ desired: 1 }), verdict: completed }, true)).toEqual(
      nothing('left alone'),
    );
  });
});

describe('bounds', () => {
  const one = { min: 2, max: 6, suspended: { scaleIn: false, scaleOut: false, scheduled: false } };

  test('are ours when all of them are', () => {
    expect(isOneOf(one, [{ ...one, min: 1 }, one])).toBe(true);
    expect(isOneOf(one, [])).toBe(false);
    expect(isOneOf(undefined, [one])).toBe(false);
  });

  test.each([
    { min: 1 },
    { max: 5 },
    { suspended: { ...one.suspended, scaleIn: true } },
    { suspended: { ...one.suspended, scaleOut: true } },
    { suspended: { ...one.suspended, scheduled: true } },
  ])('are somebody else’s with %p', (change) => {
    expect(isOneOf({ ...one, ...change }, [one])).toBe(false);
  });
});
