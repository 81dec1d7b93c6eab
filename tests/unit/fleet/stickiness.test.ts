import type { Route } from '../../../local/fleet/data-plane/routing.ts';
import type { ServiceSeeded } from '../../../local/fleet/seeds.ts';
import { HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

interface Pair {
  it: Rehearsed;
  green: ServiceSeeded;
  weigh: (blue: number, green: number, stickiness?: object) => void;
  /** the group that one request goes to, with this cookie if any */
  sent: (cookie?: string) => { group: string; cookie: string | undefined };
}

const MINUTE = { Enabled: true, DurationSeconds: 60 };

/** Two colours; changes of weights are at every node when `weigh` returns. */
const pair = (): Pair => {
  const it = rehearsed();
  const containers = [{ name: 'app', image: `${HOST}/web:1` }];
  const seed = { cluster: 'shop', service: 'green', family: 'web', desiredCount: 1, containers };
  const green = it.world.putService({ ...seed, colourOf: 'web' });
  return {
    it,
    green,
    weigh: (blueWeight, greenWeight, TargetGroupStickinessConfig = MINUTE) => {
      const TargetGroups = [
        { TargetGroupArn: it.seeded.targetGroupArn, Weight: blueWeight },
        { TargetGroupArn: green.targetGroupArn, Weight: greenWeight },
      ];
      const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }];
      it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
      it.clock.advance(10_000);
    },
    sent: (cookie) => sentTo(it.world.dataPlane.route('/web', { cookie })),
  };
};

const sentTo = (route: Route): { group: string; cookie: string | undefined } => {
  if (route.kind === 'answer') throw new Error(`answered ${route.status}`);
  return { group: route.groupArn, cookie: route.cookie };
};

/** What a client sends back of a Set-Cookie header. */
const kept = (cookie = ''): string => `other=1; ${cookie.split(';')[0] ?? ''}; more=2`;

describe('a client of a rule whose target groups are sticky', () => {
  test('is given a cookie and stays where it was, at weight 0 too, until its time is over', () => {
    const { it, green, weigh, sent } = pair();
    weigh(1, 0);
    const { group, cookie } = sent();
    expect(group).toBe(it.seeded.targetGroupArn);
    const expires = new Date(it.clock.now() + 60_000).toUTCString();
    expect(cookie).toMatch(/^AWSALBTG=[\w-]+; /);
    expect(cookie).toContain(`; Expires=${expires}; Path=/`);
    weigh(0, 1);
    for (let count = 0; count < 20; count += 1) expect(sent(kept(cookie))).toEqual({ group, cookie: undefined });
    it.clock.advance(49_999);
    expect(sent(kept(cookie)).group).toBe(group);
    it.clock.advance(1);
    const later = sent(kept(cookie));
    expect(later.group).toBe(green.targetGroupArn);
    expect(sent(kept(later.cookie)).group).toBe(green.targetGroupArn);
  });

  test('without a cookie goes by weight', () => {
    const { it, weigh, sent } = pair();
    weigh(1, 1);
    const groups = Array.from({ length: 1000 }, () => sent().group);
    expect(groups.filter((group) => group === it.seeded.targetGroupArn).length / 1000).toBeCloseTo(0.5, 1);
  });

  test.each([
    'AWSALBTG=',
    'AWSALBTG=rubbish',
    'NOTAWSALBTG=1',
    `AWSALBTG=${Buffer.from('9999999999999 arn:of-another').toString('base64url')}`,
  ])('with a cookie that leads nowhere goes by weight and gets a new one: %s', (cookie) => {
    const { green, weigh, sent } = pair();
    weigh(0, 1);
    expect(sent(cookie).group).toBe(green.targetGroupArn);
    expect(sent(cookie).cookie).toBeDefined();
  });

  test('is told 503 when its group has no target any more: it does not fail over', () => {
    const { it, weigh, sent } = pair();
    weigh(1, 0);
    const { cookie } = sent();
    weigh(0, 1);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 0 });
    it.clock.advance(20_000);
    expect(() => sent(kept(cookie))).toThrow('503');
  });
});

test('a client of a rule whose target groups are not sticky gets no cookie, and its old one counts for nothing', () => {
  const { green, weigh, sent } = pair();
  weigh(1, 0);
  const { cookie } = sent();
  weigh(0, 1, { Enabled: false });
  expect(sent(kept(cookie))).toEqual({ group: green.targetGroupArn, cookie: undefined });
});

test('stickiness lasts from a second to a week, or is refused', () => {
  const { it, weigh } = pair();
  for (const DurationSeconds of [0, 604_801, undefined]) {
    expect(() => {
      weigh(1, 1, { Enabled: true, DurationSeconds });
    }).toThrow('between 1 and 604800');
  }
  weigh(1, 1, { Enabled: true, DurationSeconds: 604_800 });
  const { Rules } = it.call('elbv2', 'DescribeRules', { RuleArns: [it.seeded.ruleArn] });
  expect(Rules).toMatchObject([
    { Actions: [{ ForwardConfig: { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 604_800 } } }] },
  ]);
});
