import { divisionOf, refuseOtherRoutings, refuseTestRule } from '../../../lib/domain/production-traffic.ts';
import type { Action, Routing } from '../../../lib/domain/traffic.ts';
import {
  blueGreen,
  blueGroup,
  forward,
  greenGroup,
  listenerArn,
  productionRule,
  ruleArn,
  targetGroupArn,
  testRule,
} from '../../support/samples.ts';
import { refusalOf } from '../../support/refusal.ts';

const red = targetGroupArn('red');
const blueOnly = forward({ [blueGroup]: 100, [greenGroup]: 0 });
const test8080 = { url: 'https://green.example.com/', status: 200, rule: testRule };

/** As `blueOnly`, with group stickiness. */
const sticky = (seconds: number): Action => ({
  ...blueOnly,
  ForwardConfig: {
    ...(blueOnly['ForwardConfig'] as object),
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: seconds },
  },
});

const ambiguous = (because: RegExp) => ({
  name: 'AmbiguousTraffic',
  because: expect.stringMatching(because) as string,
});

describe('one live colour', () => {
  test.each<[string, Action[], string, string]>([
    ['blue', [blueOnly], blueGroup, greenGroup],
    ['green', [forward({ [blueGroup]: 0, [greenGroup]: 1 })], greenGroup, blueGroup],
    [
      'blue behind a login',
      [{ Type: 'authenticate-oidc' }, { Type: 'jwt-validation' }, blueOnly],
      blueGroup,
      greenGroup,
    ],
    ['blue, kept for as long as the bake', [sticky(300)], blueGroup, greenGroup],
  ])('%s', (_what, actions, live, idle) => {
    expect(divisionOf(blueGreen(), actions)).toMatchObject({ live, idle });
  });

  test('with the weights as they are', () => {
    expect(divisionOf(blueGreen(), [blueOnly]).weights).toEqual({ [blueGroup]: 100, [greenGroup]: 0 });
  });
});

test('the bake is the last step, however many there are', () => {
  const steps = [10, 50, 100].map((weight) => ({ weight, minutes: weight / 10 }));
  expect(refusalOf(() => divisionOf(blueGreen({ steps }), [sticky(600)]))).toBeUndefined();
  expect(refusalOf(() => divisionOf(blueGreen({ steps }), [sticky(601)]))).toEqual(ambiguous(/bake of 10 minutes/));
});

const shapes: [string, Action[] | undefined, RegExp][] = [
  ['the point is gone', undefined, /^listener rule .*\/production is not there$/],
  ['nothing is done', [], /0 forward actions/],
  ['it answers by itself', [{ Type: 'fixed-response' }], /action fixed-response/],
  ['it redirects too', [blueOnly, { Type: 'redirect' }], /action redirect/],
  ['an action only sounds like a login', [{ Type: 'authenticate-' }, blueOnly], /action authenticate-$/],
  ['an action has no type', [blueOnly, {}], /action undefined/],
  ['it forwards twice', [blueOnly, blueOnly], /2 forward actions/],
  [
    'it forwards to one group',
    [{ Type: 'forward', TargetGroupArn: blueGroup }],
    /forwards to [^,]*blue[^,]*, not to exactly/,
  ],
  ['it forwards to one group, weighed', [forward({ [blueGroup]: 1 })], /not to exactly the two/],
  ['a third group', [forward({ [blueGroup]: 1, [greenGroup]: 0, [red]: 0 })], /targetgroup\/red/],
  ['a foreign group', [forward({ [blueGroup]: 1, [red]: 0 })], /blue\/\w+, arn.*red\/\w+, not to/],
  ['two foreign groups', [forward({ [red]: 1, [targetGroupArn('pink')]: 0 })], /targetgroup\/pink/],
  ['none has weight', [forward({ [blueGroup]: 0, [greenGroup]: 0 })], /gives both target groups the weight 0/],
  ['both have weight', [forward({ [blueGroup]: 90, [greenGroup]: 10 })], /gives both target groups traffic/],
  ['users are kept longer than the bake', [sticky(301)], /301 s .*bake of 5 minutes \(strategy\.bake_minutes\)/],
];

test.each(shapes)('ambiguous: %s', (_what, actions, because) => {
  expect(refusalOf(() => divisionOf(blueGreen(), actions))).toEqual(ambiguous(because));
});

test('a default action is named as one', () => {
  const swap = blueGreen({ production: { kind: 'listener', arn: listenerArn('web') } });
  expect(() => divisionOf(swap, undefined)).toThrow(/the default action of listener .* is not there/);
});

describe('the test rule', () => {
  const swap = blueGreen({ test: test8080 });

  test.each<[string, Action[]]>([
    ['either colour', [blueOnly]],
    ['both', [forward({ [blueGroup]: 1, [greenGroup]: 1 })]],
    ['neither', [forward({ [blueGroup]: 0, [greenGroup]: 0 })]],
  ])('may lead to %s', (_what, actions) => {
    expect(
      refusalOf(() => {
        refuseTestRule(swap, actions);
      }),
    ).toBeUndefined();
  });

  test.each<[string, Action[] | undefined, RegExp]>([
    ['is gone', undefined, /\/test \(strategy\.test_listener_rule\) is not there$/],
    [
      'leads to one of them only',
      [forward({ [greenGroup]: 1 })],
      /\/test \(strategy\.test_listener_rule\) does not forward/,
    ],
    ['leads elsewhere', [forward({ [red]: 1, [greenGroup]: 1 })], /does not forward/],
    ['answers by itself', [{ Type: 'fixed-response' }], /does not forward/],
  ])('ambiguous: %s', (_what, actions, because) => {
    expect(
      refusalOf(() => {
        refuseTestRule(swap, actions);
      }),
    ).toEqual(ambiguous(because));
  });

  test.each([blueGreen(), blueGreen({ test: { url: 'https://green.example.com/', status: 200 } })])(
    'that the target does not have is not asked for',
    (without) => {
      expect(
        refusalOf(() => {
          refuseTestRule(without, undefined);
        }),
      ).toBeUndefined();
    },
  );
});

describe('other rules', () => {
  const routing = (arn: string, action: Action, kind: 'rule' | 'listener' = 'rule'): Routing => ({
    point: { kind, arn },
    actions: [action],
  });
  const own = [routing(productionRule, blueOnly), routing(testRule, blueOnly)];

  test('may forward elsewhere, and the production point and the test rule to the two groups', () => {
    const others = [routing(ruleArn('shop'), forward({ [red]: 1 })), routing(ruleArn('old'), { Type: 'redirect' })];
    expect(
      refusalOf(() => {
        refuseOtherRoutings(blueGreen({ test: test8080 }), [...own, ...others]);
      }),
    ).toBeUndefined();
  });

  test.each<[string, Routing, RegExp]>([
    ['another rule', routing(ruleArn('other'), forward({ [blueGroup]: 1 })), /rule .*\/other forwards to .*blue.* too/],
    [
      'another rule, in the short form',
      routing(ruleArn('other'), { Type: 'forward', TargetGroupArn: greenGroup }),
      /green/,
    ],
    ['another rule, with weight 0', routing(ruleArn('other'), forward({ [red]: 1, [greenGroup]: 0 })), /green/],
    ['a default action', routing(listenerArn('web'), forward({ [blueGroup]: 1 }), 'listener'), /the default action of/],
  ])('ambiguous: %s', (_what, other, because) => {
    expect(
      refusalOf(() => {
        refuseOtherRoutings(blueGreen({ test: test8080 }), [...own, other]);
      }),
    ).toEqual(ambiguous(because));
  });

  test('ambiguous: a test rule that is not this target’s', () => {
    expect(
      refusalOf(() => {
        refuseOtherRoutings(blueGreen(), own);
      }),
    ).toEqual(ambiguous(/\/test forwards to/));
  });
});
