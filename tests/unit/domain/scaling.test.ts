import {
  duringSwap,
  retired,
  scalingGap,
  type ScalableTarget,
  type ScalingPolicy,
  type ServiceScaling,
} from '../../../lib/domain/scaling.ts';
import { awake } from '../../support/memory-scaling.ts';
import { blueGroup, foundSwap, greenGroup } from '../../support/samples.ts';

const scalable: ScalableTarget = { min: 2, max: 10, suspended: awake };
const { live, idle } = foundSwap();
const byCpu = (name: string): ScalingPolicy => ({ name });
const byRequests = (name: string, group: string): ScalingPolicy => ({
  name,
  targetGroup: group.slice(group.indexOf('targetgroup/')),
});

const scaling = (change: Partial<ServiceScaling> = {}): ServiceScaling => ({
  target: scalable,
  policies: [],
  scheduledActions: [],
  ...change,
});

const none: ServiceScaling = { policies: [], scheduledActions: [] };

const gap = (ofLive: ServiceScaling, ofIdle: ServiceScaling, exists = true) =>
  scalingGap({ colour: live, scaling: ofLive }, { colour: idle, scaling: ofIdle, exists });

describe('idle has what live has', () => {
  test.each<[string, ServiceScaling, ServiceScaling]>([
    ['neither has any', none, none],
    ['a scalable target with other bounds', scaling(), scaling({ target: { ...scalable, min: 0 } })],
    ['policies by other names', scaling({ policies: [byCpu('a')] }), scaling({ policies: [byCpu('b')] })],
    ['more of them', scaling({ policies: [byCpu('a')] }), scaling({ policies: [byCpu('b'), byCpu('c')] })],
    [
      'each counts its own requests',
      scaling({ policies: [byRequests('a', blueGroup)] }),
      scaling({ policies: [byRequests('b', greenGroup)] }),
    ],
    ['scheduled actions', scaling({ scheduledActions: ['night'] }), scaling({ scheduledActions: ['web-green-night'] })],
  ])('%s', (_what, ofLive, ofIdle) => {
    expect(gap(ofLive, ofIdle)).toBeUndefined();
  });

  test('nobody needs the scaling of a service that is not there, when live has none', () => {
    expect(gap(none, none, false)).toBeUndefined();
  });
});

describe('idle lacks', () => {
  test.each<[string, ServiceScaling, ServiceScaling, RegExp]>([
    ['only idle has a scalable target', none, scaling(), /web-green has a scalable target, service web none/],
    ['the scalable target', scaling(), none, /^service web has 1 × scalable target, service web-green 0$/],
    ['a policy', scaling({ policies: [byCpu('a')] }), scaling(), /1 × other scaling policy, service web-green 0/],
    [
      'a second policy',
      scaling({ policies: [byCpu('a'), byCpu('b')] }),
      scaling({ policies: [byCpu('a')] }),
      /2 × other scaling policy, service web-green 1/,
    ],
    [
      'one that counts requests',
      scaling({ policies: [byRequests('a', blueGroup)] }),
      scaling({ policies: [byCpu('a')] }),
      /1 × scaling policy that counts requests, service web-green 0/,
    ],
    [
      'one that does not',
      scaling({ policies: [byCpu('a')] }),
      scaling({ policies: [byRequests('a', greenGroup)] }),
      /1 × other scaling policy, service web-green 0/,
    ],
    [
      'a scheduled action',
      scaling({ scheduledActions: ['night'] }),
      scaling(),
      /1 × scheduled action, service web-green 0/,
    ],
  ])('%s', (_what, ofLive, ofIdle, sentence) => {
    expect(gap(ofLive, ofIdle)).toMatch(sentence);
  });

  test('the service itself: it and its scaling must be made first', () => {
    expect(gap(scaling(), none, false)).toBe(
      'service web has a scalable target: make service web-green and its scaling first',
    );
  });
});

describe('the requests that count', () => {
  test.each<[string, string, string, RegExp]>([
    ['idle’s policy counts live’s', blueGroup, blueGroup, /^scaling policy b of service web-green .*than .*green/],
    ['live’s policy counts idle’s', greenGroup, greenGroup, /^scaling policy a of service web counts .*than .*blue/],
    ['another group whose name ends alike', `${blueGroup}0`, greenGroup, /^scaling policy a of service web /],
  ])('%s', (_what, ofLive, ofIdle, sentence) => {
    const policies = (name: string, group: string) => scaling({ policies: [byCpu('cpu'), byRequests(name, group)] });
    expect(gap(policies('a', ofLive), policies('b', ofIdle))).toMatch(sentence);
  });

  test('of another group with a longer name are not taken for one’s own', () => {
    const short = scaling({ policies: [{ name: 'a', targetGroup: 'group/blue/6d0ecf831eec9f09' }] });
    expect(gap(short, scaling({ policies: [byRequests('b', greenGroup)] }))).toMatch(/policy a of service web/);
  });
});

describe('what a colour has', () => {
  test('during the swap: live’s bounds, and nothing shrinks it', () => {
    const during = { min: 2, max: 10, suspended: { scaleIn: true, scaleOut: false, scheduled: true } };
    expect(duringSwap(scalable)).toEqual(during);
  });

  test('during the swap, when ops suspended all of it before', () => {
    const suspended = { scaleIn: true, scaleOut: true, scheduled: true };
    expect(duringSwap({ ...scalable, suspended })).toEqual({ ...scalable, suspended });
  });

  test('once it is out of use: nothing brings it back', () => {
    const suspended = { scaleIn: true, scaleOut: true, scheduled: true };
    expect(retired(scalable)).toEqual({ min: 0, max: 10, suspended });
  });
});
