import type { Listener, Rule, TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceSeed, ServiceSeeded } from '../../../local/fleet/seeds.ts';
import { HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const green = (it: Rehearsed, more: Partial<ServiceSeed> = {}): ServiceSeeded =>
  it.world.putService({
    cluster: 'shop',
    service: 'web-green',
    family: 'web',
    desiredCount: 0,
    containers: [{ name: 'app', image: `${HOST}/web:1` }],
    colourOf: 'web',
    ...more,
  });

const weights = (it: Rehearsed): [string | undefined, number | undefined][] => {
  const { Rules } = it.call('elbv2', 'DescribeRules', { RuleArns: [it.seeded.ruleArn] });
  const groups = (Rules as Rule[])[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
  return groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight]);
};

describe('a colour of a service', () => {
  test('joins its rule at weight 0, gets no traffic, and its tasks are checked all the same', () => {
    const it = rehearsed();
    const seeded = green(it, { desiredCount: 1 });
    expect(weights(it)).toEqual([
      [it.seeded.targetGroupArn, 1],
      [seeded.targetGroupArn, 0],
    ]);
    expect(seeded).toMatchObject({
      ruleArn: it.seeded.ruleArn,
      listenerArn: it.seeded.listenerArn,
      colourGroupArns: [it.seeded.targetGroupArn, seeded.targetGroupArn],
      url: it.seeded.url,
    });
    const TargetGroupArn = seeded.targetGroupArn;
    const { TargetHealthDescriptions } = it.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn });
    expect(TargetHealthDescriptions as TargetHealthDescription[]).toMatchObject([
      { TargetHealth: { State: 'healthy' } },
    ]);
    const routes = Array.from({ length: 50 }, () => it.world.dataPlane.route('/web'));
    expect(new Set(routes.map((route) => route.kind === 'target' && route.groupArn))).toEqual(
      new Set([it.seeded.targetGroupArn]),
    );
  });

  test('can have a weight from the start, and be scaled to nothing', () => {
    const it = rehearsed({ weight: 100 });
    const seeded = green(it, { weight: 25 });
    expect(weights(it)).toEqual([
      [it.seeded.targetGroupArn, 100],
      [seeded.targetGroupArn, 25],
    ]);
    expect(it.world.serviceView('shop', 'web-green')).toMatchObject({
      desired: 0,
      running: 0,
      rollouts: [{ rolloutState: 'COMPLETED' }],
    });
  });

  test('that is yet to be created finds an empty target group in the rule', () => {
    const it = rehearsed({ spareTargetGroup: true });
    const [own, spare = ''] = it.seeded.colourGroupArns;
    expect(own).toBe(it.seeded.targetGroupArn);
    expect(it.seeded.targetGroupArns).toEqual([own]);
    expect(weights(it)).toEqual([
      [own, 1],
      [spare, 0],
    ]);
    const { TargetGroups } = it.call('elbv2', 'DescribeTargetGroups', { TargetGroupArns: [spare] });
    expect((TargetGroups as TargetGroup[])[0]).toMatchObject({
      TargetGroupName: 'web-spare',
      TargetType: 'ip',
      Port: 8080,
    });
    it.call('ecs', 'CreateService', {
      cluster: 'shop',
      serviceName: 'web-green',
      taskDefinition: it.seeded.taskDefinitionArn,
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: spare, containerName: 'app', containerPort: 8080 }],
    });
    const health = (): unknown =>
      (
        it.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn: spare })[
          'TargetHealthDescriptions'
        ] as TargetHealthDescription[]
      ).map(({ TargetHealth }) => TargetHealth?.State);
    it.until('green is healthy', () => String(health()) === 'healthy,healthy');
  });

  test('shares a test listener, on whichever of both it was seeded', () => {
    for (const [blue, colour] of [
      [{ testListener: true }, {}],
      [{}, { testListener: true }],
    ]) {
      const it = rehearsed(blue);
      const seeded = green(it, { ...colour, desiredCount: 1 });
      expect(seeded.test?.listenerArn).not.toBe(seeded.listenerArn);
      const { Rules } = it.call('elbv2', 'DescribeRules', { RuleArns: [seeded.ruleArn, seeded.test?.ruleArn] });
      const [production, test] = Rules as Rule[];
      expect(test?.Actions).toEqual(production?.Actions);
      expect(test?.Conditions).toEqual(production?.Conditions);
      const Actions = [{ Type: 'forward', TargetGroupArn: seeded.targetGroupArn }];
      it.call('elbv2', 'ModifyRule', { RuleArn: seeded.test?.ruleArn, Actions });
      it.clock.advance(10_000);
      const listener = seeded.test?.listenerArn ?? '';
      expect(it.world.dataPlane.route('/web', { listener })).toMatchObject({ groupArn: seeded.targetGroupArn });
      expect(it.world.dataPlane.route('/web')).toMatchObject({ groupArn: it.seeded.targetGroupArn });
      expect(it.world.dataPlane.route('/other', { listener })).toMatchObject({ status: 404 });
    }
  });

  test('shares a listener of its own, whose default action forwards to both', () => {
    const it = rehearsed({ ownListener: true, testListener: true });
    const seeded = green(it, { weight: 3 });
    expect(seeded.listenerArn).toBe(it.seeded.listenerArn);
    const { Listeners } = it.call('elbv2', 'DescribeListeners', { ListenerArns: [it.seeded.listenerArn] });
    expect((Listeners as Listener[])[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups).toEqual([
      { TargetGroupArn: it.seeded.targetGroupArn, Weight: 1 },
      { TargetGroupArn: seeded.targetGroupArn, Weight: 3 },
    ]);
    const ListenerArn = it.seeded.test?.listenerArn;
    const { Rules } = it.call('elbv2', 'DescribeRules', { ListenerArn });
    expect(Rules as Rule[]).toMatchObject([{ Conditions: [{ Values: ['/*'] }] }, { IsDefault: true }]);
    expect(it.seeded.url).toMatch(/:9000\/$/);
    expect(it.seeded.test?.url).toMatch(/:9001\/$/);
  });

  test('of no service, and one with a path of its own, are mistakes', () => {
    const it = rehearsed();
    expect(() => green(it, { colourOf: 'none' })).toThrow('no service none');
    expect(() => green(it, { path: '/green' })).toThrow('A colour has the path');
    expect(it.call('elbv2', 'DescribeTargetGroups', {})['TargetGroups']).toHaveLength(1);
  });
});
