import fc from 'fast-check';
import { groupsOf, sameWeights, stickyFor, weightsOf, withWeights, type Action } from '../../../lib/domain/traffic.ts';
import { blueGroup, forward, greenGroup, targetGroupArn } from '../../support/samples.ts';

const groups = [blueGroup, greenGroup] as const;
const sticky = (config: object): Action => ({
  Type: 'forward',
  ForwardConfig: { TargetGroupStickinessConfig: config },
});
const login: Action = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { Scope: 'openid' } };

describe('weights of two groups', () => {
  test('are read from the one forward action, whatever else is done before it', () => {
    const actions = [login, forward({ [greenGroup]: 30, [blueGroup]: 70 })];
    expect(weightsOf(actions, groups)).toEqual({ [blueGroup]: 70, [greenGroup]: 30 });
  });

  test('that say nothing are 1, as load balancers have it', () => {
    const both = [{ TargetGroupArn: blueGroup }, { TargetGroupArn: greenGroup, Weight: 0 }];
    const actions = [{ Type: 'forward', ForwardConfig: { TargetGroups: both } }];
    expect(weightsOf(actions, groups)).toEqual({ [blueGroup]: 1, [greenGroup]: 0 });
  });

  test.each<[string, Action[]]>([
    ['no action', []],
    ['no forward action', [{ Type: 'fixed-response' }]],
    [
      'two forward actions',
      [forward({ [blueGroup]: 1, [greenGroup]: 0 }), forward({ [blueGroup]: 1, [greenGroup]: 0 })],
    ],
    ['one group, in the short form', [{ Type: 'forward', TargetGroupArn: blueGroup }]],
    ['one group', [forward({ [blueGroup]: 1 })]],
    ['a third group', [forward({ [blueGroup]: 1, [greenGroup]: 0, [targetGroupArn('red')]: 0 })]],
    ['a foreign group', [forward({ [blueGroup]: 1, [targetGroupArn('red')]: 0 })]],
    ['nothing that it forwards to', [{ Type: 'forward' }]],
  ])('%s: there are none', (_what, actions) => {
    expect(weightsOf(actions, groups)).toBeUndefined();
  });

  test('are the same when both are', () => {
    expect(sameWeights({ a: 1, b: 0 }, { b: 0, a: 1 })).toBe(true);
    expect(sameWeights({ a: 1, b: 0 }, { a: 0, b: 1 })).toBe(false);
    expect(sameWeights({ a: 1 }, { a: 1, b: 0 })).toBe(false);
    expect(sameWeights({ a: 1, c: 0 }, { a: 1, b: 0 })).toBe(false);
  });
});

const weight = fc.integer({ min: 0, max: 999 });
const other = fc
  .record({ Type: fc.constantFrom('authenticate-oidc', 'authenticate-cognito', 'redirect') })
  .chain((type) => fc.dictionary(fc.string(), fc.jsonValue()).map((rest): Action => ({ ...rest, ...type })));
const forwarding = fc
  .tuple(weight, weight, fc.dictionary(fc.string(), fc.jsonValue()), fc.option(fc.integer({ min: 1, max: 604_800 })))
  .map(([blue, green, rest, seconds]): Action => {
    const stickiness = { Enabled: seconds !== null, ...(seconds === null ? {} : { DurationSeconds: seconds }) };
    const { ForwardConfig } = forward({ [blueGroup]: blue, [greenGroup]: green });
    const config = { ...(ForwardConfig as object), TargetGroupStickinessConfig: stickiness };
    return { ...rest, Type: 'forward', ForwardConfig: config };
  });

test('written weights are read again, and all else stays as it was', () => {
  fc.assert(
    fc.property(fc.array(other), forwarding, fc.array(other), weight, weight, (ahead, action, after, blue, green) => {
      const actions = [...ahead, action, ...after];
      const original = structuredClone(actions);
      const weights = { [blueGroup]: blue, [greenGroup]: green };
      const written = withWeights(actions, weights);
      expect(weightsOf(written, groups)).toEqual(weights);
      expect(actions).toEqual(original);
      expect(withWeights(written, weightsOf(actions, groups) ?? {})).toEqual(original);
    }),
    { numRuns: 1_000 },
  );
});

test('groups of which nothing is said keep their weights, and an action that forwards to none stays as it is', () => {
  const actions = [forward({ [blueGroup]: 5, [greenGroup]: 6 }), { Type: 'forward' }];
  expect(withWeights(actions, {})).toEqual(actions);
});

test('all groups that actions forward to are known, in either form', () => {
  expect(groupsOf([login, { Type: 'forward', TargetGroupArn: blueGroup }])).toEqual([blueGroup]);
  expect(groupsOf([forward({ [blueGroup]: 0, [greenGroup]: 9 })])).toEqual([blueGroup, greenGroup]);
  expect(groupsOf([{ Type: 'redirect', TargetGroupArn: blueGroup }])).toEqual([]);
});

test.each<[Action, number]>([
  [forward({ [blueGroup]: 1 }), 0],
  [sticky({ Enabled: true, DurationSeconds: 90 }), 90],
  [sticky({ Enabled: false, DurationSeconds: 90 }), 0],
  [{ Type: 'forward', TargetGroupArn: blueGroup }, 0],
])('%j keeps a user for %d s', (action, seconds) => {
  expect(stickyFor([login, action])).toBe(seconds);
});
