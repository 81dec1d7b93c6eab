import {
  CreateListenerCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceSeeded } from '../../local/fleet/seeds.ts';
import type { WireScene } from '../unit/fleet-wire/wire-scene.ts';
import { closeScenesAfterEach, openScene, webSeed } from '../unit/fleet-wire/wire-scene.ts';

closeScenesAfterEach();

interface Colours {
  it: WireScene;
  elb: ElasticLoadBalancingV2Client;
  green: ServiceSeeded;
  actions: (blue: number, green: number) => Action[];
  rule: (ruleArn?: string) => Promise<Rule | undefined>;
  listener: () => Promise<Listener | undefined>;
}

/** Two colours behind a listener of their own, with a test listener. */
const colours = async (): Promise<Colours> => {
  const it = await openScene();
  await it.control.putService({ ...webSeed, service: 'blue', ownListener: true, testListener: true });
  const green = await it.control.putService({ ...webSeed, service: 'green', desiredCount: 0, colourOf: 'blue' });
  const elb = new ElasticLoadBalancingV2Client({
    endpoint: it.fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const [blueGroup, greenGroup] = green.colourGroupArns;
  return {
    it,
    elb,
    green,
    actions: (blue, greenWeight) => {
      const TargetGroups = [
        { TargetGroupArn: blueGroup, Weight: blue },
        { TargetGroupArn: greenGroup, Weight: greenWeight },
      ];
      return [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
    },
    rule: async (ruleArn = green.test?.ruleArn ?? '') =>
      (await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }))).Rules?.[0],
    listener: async () =>
      (await elb.send(new DescribeListenersCommand({ ListenerArns: [green.listenerArn] }))).Listeners?.[0],
  };
};

const weightsIn = (actions: Action[] = []): (number | undefined)[] =>
  (actions.at(-1)?.ForwardConfig?.TargetGroups ?? []).map(({ Weight }) => Weight);

describe('AWS’s SDK in front of two colours', () => {
  test('shifts the weights of a default action and of a rule, and finds what it wrote', async () => {
    const { elb, green, actions, rule, listener } = await colours();
    expect(weightsIn((await listener())?.DefaultActions)).toEqual([1, 0]);
    const { Listeners } = await elb.send(
      new ModifyListenerCommand({ ListenerArn: green.listenerArn, DefaultActions: actions(90, 10) }),
    );
    expect(await listener()).toEqual(Listeners?.[0]);
    expect(weightsIn(Listeners?.[0]?.DefaultActions)).toEqual([90, 10]);
    const { Rules } = await elb.send(new ModifyRuleCommand({ RuleArn: green.test?.ruleArn, Actions: actions(0, 1) }));
    expect(await rule()).toEqual(Rules?.[0]);
    expect(weightsIn(Rules?.[0]?.Actions)).toEqual([0, 1]);
  });

  test('meets faults and stale reads at rules and listeners', async () => {
    const { it, elb, green, actions, rule, listener } = await colours();
    await it.control.addFault({ operation: 'ModifyListener', fault: { kind: 'answer lost' } });
    const modify = new ModifyListenerCommand({ ListenerArn: green.listenerArn, DefaultActions: actions(5, 6) });
    await expect(elb.send(modify)).rejects.toThrow();
    await it.control.addFault({ operation: 'DescribeListeners', fault: { kind: 'stale read' } });
    expect(weightsIn((await listener())?.DefaultActions)).toEqual([1, 0]);
    expect(weightsIn((await listener())?.DefaultActions)).toEqual([5, 6]);
    await it.control.addFault({
      operation: 'ModifyRule',
      resource: green.test?.ruleArn ?? '',
      fault: { kind: 'throttle' },
    });
    const change = new ModifyRuleCommand({ RuleArn: green.test?.ruleArn, Actions: actions(0, 1) });
    await expect(elb.send(change)).rejects.toMatchObject({ name: 'Throttling' });
    await elb.send(change);
    await it.control.addFault({ operation: 'DescribeRules', fault: { kind: 'stale read' } });
    expect(weightsIn((await rule())?.Actions)).toEqual([1, 0]);
    expect(weightsIn((await rule())?.Actions)).toEqual([0, 1]);
  });

  test('makes listeners, takes rules away, changes attributes', async () => {
    const { elb, green } = await colours();
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    const DefaultActions: Action[] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }];
    const made = await elb.send(
      new CreateListenerCommand({ LoadBalancerArn, Port: 81, Protocol: 'HTTP', DefaultActions }),
    );
    expect(made.Listeners).toMatchObject([{ Port: 81, DefaultActions }]);
    await elb.send(new DeleteRuleCommand({ RuleArn: green.test?.ruleArn }));
    await expect(elb.send(new DeleteRuleCommand({ RuleArn: green.test?.ruleArn }))).rejects.toMatchObject({
      name: 'RuleNotFoundException',
    });
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }];
    const changed = await elb.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: green.targetGroupArn, Attributes }),
    );
    expect(changed.Attributes).toEqual(expect.arrayContaining(Attributes));
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    expect(TargetGroups?.map(({ LoadBalancerArns }) => LoadBalancerArns)).toEqual([
      [LoadBalancerArn],
      [LoadBalancerArn],
    ]);
  });

  test('hands a client secret in, and nobody can read it anywhere', async () => {
    const { it, elb, green, actions, rule } = await colours();
    const AuthenticateOidcConfig = {
      Issuer: 'https://id.example',
      AuthorizationEndpoint: 'https://id.example/a',
      TokenEndpoint: 'https://id.example/t',
      UserInfoEndpoint: 'https://id.example/u',
      ClientId: 'client',
    };
    const oidc = (more: object): Action[] => [
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ...AuthenticateOidcConfig, ...more } },
      ...actions(0, 1).map((action) => ({ ...action, Order: 2 })),
    ];
    const modify = (Actions: Action[]) => elb.send(new ModifyRuleCommand({ RuleArn: green.test?.ruleArn, Actions }));
    await modify(oidc({ ClientSecret: 'hush-hush' }));
    const Actions = (await rule())?.Actions ?? [];
    expect(Actions[0]).toEqual({ Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig });
    await expect(modify(Actions)).rejects.toMatchObject({ name: 'ValidationError' });
    await modify(oidc({ UseExistingClientSecret: true }));
    expect(JSON.stringify([await rule(), await it.control.calls()])).not.toContain('hush-hush');
  });
});
