import { coloursOf, sharedLoadBalancers } from '../../../lib/domain/colours.ts';
import type { Division } from '../../../lib/domain/production-traffic.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import type { TargetGroup } from '../../../lib/domain/traffic.ts';
import {
  blueGroup,
  blueService,
  greenGroup,
  greenService,
  loadBalancerArn,
  targetGroup,
  targetGroupArn,
} from '../../support/samples.ts';
import { refusalOf } from '../../support/refusal.ts';

const groups = [blueGroup, greenGroup] as const;

describe('two target groups', () => {
  test('that are alike stand behind the same load balancers', () => {
    const reversed = { loadBalancers: ['b', loadBalancerArn] };
    const both = [targetGroup(blueGroup, { loadBalancers: [loadBalancerArn, 'b'] }), targetGroup(greenGroup, reversed)];
    expect(sharedLoadBalancers(groups, both)).toEqual([loadBalancerArn, 'b']);
  });

  test.each<[Partial<TargetGroup>, RegExp]>([
    [{ protocol: 'HTTPS' }, /^protocol: HTTP of .*blue.*, but HTTPS of .*green/],
    [{ port: 8081 }, /^port: 8080 of .*, but 8081 of/],
    [{ targetType: 'instance' }, /^target type: ip of .*, but instance of/],
    [{ vpc: 'vpc-2' }, /^VPC: vpc-1 of .*, but vpc-2 of/],
    [{ loadBalancers: [] }, /^load balancers: arn:.* of .*, but {2}of/],
    [{ loadBalancers: [loadBalancerArn, 'b'] }, /^load balancers: /],
  ])('that differ in %j do not match', (change, because) => {
    const both = [targetGroup(blueGroup), targetGroup(greenGroup, change)];
    expect(refusalOf(() => sharedLoadBalancers(groups, both))).toEqual({
      name: 'ColoursMismatch',
      because: expect.stringMatching(because) as string,
    });
  });

  test('of another type than ip do not match, alike as they are', () => {
    const both = groups.map((arn) => targetGroup(arn, { targetType: 'instance' }));
    expect(() => sharedLoadBalancers(groups, both)).toThrow(/target type: instance of both, must be ip/);
  });

  test.each([
    [blueGroup, []],
    [greenGroup, [targetGroup(blueGroup)]],
    [blueGroup, [targetGroup(greenGroup)]],
  ])('must both be there: %s', (absent, there) => {
    const because = `target group ${absent} is not there`;
    expect(refusalOf(() => sharedLoadBalancers(groups, there))).toEqual({ name: 'ColoursMismatch', because });
  });
});

describe('which service is which colour', () => {
  const toBlue: Division = { weights: {}, live: blueGroup, idle: greenGroup };
  const toGreen: Division = { weights: {}, live: greenGroup, idle: blueGroup };
  const red = targetGroupArn('red');

  const colours = (division: Division, web: ServiceState | undefined, green: ServiceState | undefined) =>
    coloursOf(division, [
      { service: 'web', state: web },
      { service: 'web-green', state: green },
    ]);

  test.each([
    ['the first', toBlue, 'web', 'web-green'],
    ['the second', toGreen, 'web-green', 'web'],
  ])('%s is live when its group has the traffic', (_what, division, live, idle) => {
    expect(colours(division, blueService(), greenService())).toMatchObject({
      live: { service: live, targetGroup: division.live },
      idle: { service: idle, targetGroup: division.idle },
    });
  });

  test('goes by what each is bound to, not by which is named first', () => {
    const web = blueService({ targetGroups: [greenGroup] });
    const green = greenService({ targetGroups: [blueGroup] });
    expect(colours(toBlue, web, green)).toMatchObject({
      live: { service: 'web-green', state: green },
      idle: { state: web },
    });
  });

  test.each([undefined, greenService({ status: 'INACTIVE' }), greenService({ status: 'INACTIVE', targetGroups: [] })])(
    'one that is not there takes the free group',
    (missing) => {
      const { live, idle } = colours(toBlue, blueService(), missing);
      expect(live).toMatchObject({ service: 'web', targetGroup: blueGroup });
      expect(idle).toEqual({ service: 'web-green', targetGroup: greenGroup });
    },
  );

  test('the first may be the one that is not there', () => {
    const { live, idle } = colours(toGreen, undefined, greenService());
    expect(live).toMatchObject({ service: 'web-green', targetGroup: greenGroup });
    expect(idle).toEqual({ service: 'web', targetGroup: blueGroup });
  });

  test.each<[string, ServiceState | undefined, ServiceState | undefined, RegExp]>([
    [
      'one is bound to no group',
      blueService(),
      greenService({ targetGroups: [] }),
      /web-green is bound to no target group/,
    ],
    [
      'one is bound to both',
      blueService({ targetGroups: [...groups] }),
      greenService(),
      /service web is bound to several/,
    ],
    [
      'one is bound to a foreign group',
      blueService(),
      greenService({ targetGroups: [red] }),
      /web-green .*red.*none of/,
    ],
    [
      'both are bound to live’s',
      blueService(),
      greenService({ targetGroups: [blueGroup] }),
      /web and web-green .*blue/,
    ],
    ['both are bound to idle’s', blueService({ targetGroups: [greenGroup] }), greenService(), /both bound to .*green/],
    [
      'the one bound to live’s is missing',
      undefined,
      greenService(),
      /goes to .*blue.*, but service web-green is bound/,
    ],
    ['the one bound to live’s is deleted', blueService({ status: 'INACTIVE' }), greenService(), /goes to .*blue/],
    [
      'live’s is bound by the other, which is deleted',
      blueService({ targetGroups: [greenGroup] }),
      undefined,
      /service web/,
    ],
  ])('ambiguous: %s', (_what, web, green, because) => {
    expect(refusalOf(() => colours(toBlue, web, green))).toEqual({
      name: 'AmbiguousTraffic',
      because: expect.stringMatching(because) as string,
    });
  });

  test('neither is there: ServiceMissing', () => {
    expect(refusalOf(() => colours(toBlue, undefined, greenService({ status: 'INACTIVE' })))).toEqual({
      name: 'ServiceMissing',
      because: 'ECS knows neither web nor web-green',
    });
  });
});
