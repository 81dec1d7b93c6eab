import type { Action, Listener, Rule, TargetGroupAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const NOT_HERE: Action[] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }];

const loadBalancerArn = (it: Rehearsed): string => {
  const { LoadBalancers } = it.call('elbv2', 'DescribeLoadBalancers');
  return (LoadBalancers as { LoadBalancerArn: string }[])[0]?.LoadBalancerArn ?? '';
};

const listeners = (it: Rehearsed, input?: object): Listener[] =>
  it.call('elbv2', 'DescribeListeners', { LoadBalancerArn: loadBalancerArn(it), ...input })['Listeners'] as Listener[];

const created = (it: Rehearsed, Port = 8443, DefaultActions = NOT_HERE): Listener => {
  const input = { LoadBalancerArn: loadBalancerArn(it), Port, Protocol: 'HTTP', DefaultActions };
  const [listener] = it.call('elbv2', 'CreateListener', input)['Listeners'] as Listener[];
  if (listener === undefined) throw new Error('no listener');
  return listener;
};

const rules = (it: Rehearsed, input: object): Rule[] =>
  it.call('elbv2', 'DescribeRules', { ...input })['Rules'] as Rule[];

const forward = (it: Rehearsed): Action[] => [{ Type: 'forward', TargetGroupArn: it.seeded.targetGroupArn }];

describe('further listeners', () => {
  test('are described beside the first one, with their default action', () => {
    const it = rehearsed();
    const listener = created(it);
    expect(listener).toMatchObject({ Port: 8443, Protocol: 'HTTP', LoadBalancerArn: loadBalancerArn(it) });
    expect(listener.DefaultActions).toMatchObject(NOT_HERE);
    expect(listeners(it).map(({ Port }) => Port)).toEqual([80, 8443]);
    expect(listeners(it, { LoadBalancerArn: undefined, ListenerArns: [listener.ListenerArn] })).toEqual([listener]);
    expect(rules(it, { ListenerArn: listener.ListenerArn })).toMatchObject([{ IsDefault: true, Actions: NOT_HERE }]);
  });

  test('route by rules of their own, which can be deleted again', () => {
    const it = rehearsed();
    const { ListenerArn: listener = '' } = created(it);
    const Conditions = [{ Field: 'path-pattern', Values: ['/a'] }];
    const rule = { ListenerArn: listener, Priority: 10, Conditions, Actions: forward(it) };
    const [made] = it.call('elbv2', 'CreateRule', rule)['Rules'] as Rule[];
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/a', { listener })).toMatchObject({ groupArn: it.seeded.targetGroupArn });
    expect(it.world.dataPlane.route('/web', { listener })).toMatchObject({ status: 410 });
    expect(it.world.dataPlane.route('/a')).toMatchObject({ status: 404 });
    it.call('elbv2', 'DeleteRule', { RuleArn: made?.RuleArn });
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/a', { listener })).toMatchObject({ status: 410 });
    expect(it.refusal('elbv2', 'DeleteRule', { RuleArn: made?.RuleArn }).code).toBe('RuleNotFound');
    const [fallback] = rules(it, { ListenerArn: listener });
    expect(it.refusal('elbv2', 'DeleteRule', { RuleArn: fallback?.RuleArn }).code).toBe('OperationNotPermitted');
  });

  test('a group that only such a listener uses is in use', () => {
    const it = rehearsed();
    const { TargetGroups } = it.call('elbv2', 'CreateTargetGroup', { Name: 'idle', Port: 80, TargetType: 'ip' });
    const [group] = TargetGroups as { TargetGroupArn: string }[];
    const chosen = (): unknown =>
      (it.call('elbv2', 'DescribeTargetGroups', { LoadBalancerArn: loadBalancerArn(it) })['TargetGroups'] as unknown[])
        .length;
    expect(chosen()).toBe(1);
    created(it, 81, [{ Type: 'forward', TargetGroupArn: group?.TargetGroupArn }]);
    expect(chosen()).toBe(2);
  });

  test('are refused on a port that is taken, without a port, and with another protocol', () => {
    const it = rehearsed();
    const refuse = (more: object): string =>
      it.refusal('elbv2', 'CreateListener', {
        LoadBalancerArn: loadBalancerArn(it),
        Port: 81,
        DefaultActions: NOT_HERE,
        ...more,
      }).code;
    expect(refuse({ Port: 80 })).toBe('DuplicateListener');
    expect(refuse({ Port: undefined })).toBe('ValidationError');
    expect(refuse({ Protocol: 'HTTPS' })).toBe('ValidationError');
    expect(refuse({ LoadBalancerArn: 'arn:none' })).toBe('LoadBalancerNotFound');
    expect(refuse({ DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:none' }] })).toBe('TargetGroupNotFound');
    expect(listeners(it)).toHaveLength(1);
  });
});

describe('the default action of a listener', () => {
  test('is replaced by ModifyListener, and every node follows within 10 s', () => {
    const it = rehearsed();
    const { ListenerArn: listener } = created(it);
    const answer = it.call('elbv2', 'ModifyListener', { ListenerArn: listener, DefaultActions: forward(it) });
    const [told] = answer['Listeners'] as Listener[];
    expect(told?.DefaultActions).toMatchObject([{ Type: 'forward', TargetGroupArn: it.seeded.targetGroupArn }]);
    expect(listeners(it)[1]).toEqual(told);
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/any', { listener })).toMatchObject({ groupArn: it.seeded.targetGroupArn });
  });

  test('stays as it was when the change is refused', () => {
    const it = rehearsed();
    const { ListenerArn } = created(it);
    const before = listeners(it);
    const refuse = (change: object): string => it.refusal('elbv2', 'ModifyListener', { ListenerArn, ...change }).code;
    expect(refuse({ ListenerArn: 'arn:none' })).toBe('ListenerNotFound');
    expect(refuse({ DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:none' }] })).toBe('TargetGroupNotFound');
    expect(refuse({ Port: 82 })).toBe('ValidationError');
    expect(listeners(it)).toEqual(before);
  });

  test('is as before the latest write in a stale read, and so are the listeners', () => {
    const it = rehearsed();
    const { ListenerArn } = created(it);
    const before = listeners(it);
    const stale = (): unknown =>
      it.world.before(1).elbv2['DescribeListeners']?.({ LoadBalancerArn: loadBalancerArn(it) })['Listeners'];
    expect(stale()).toHaveLength(1);
    it.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: forward(it) });
    expect(stale()).toEqual(before);
    expect(listeners(it)).not.toEqual(before);
  });
});

describe('an authenticate-oidc action beside a forward action', () => {
  const oidc = (config: object): Action => ({
    Type: 'authenticate-oidc',
    AuthenticateOidcConfig: {
      Issuer: 'https://id.example',
      AuthorizationEndpoint: 'https://id.example/a',
      TokenEndpoint: 'https://id.example/t',
      UserInfoEndpoint: 'https://id.example/u',
      ClientId: 'client',
      ...config,
    },
  });
  const write = (it: Rehearsed, config: object): void => {
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions: [oidc(config), ...forward(it)] });
  };
  const shown = (it: Rehearsed): Action[] => rules(it, { RuleArns: [it.seeded.ruleArn] })[0]?.Actions ?? [];

  test('is told without its client secret, and lets users pass', () => {
    const it = rehearsed();
    write(it, { ClientSecret: 'hush' });
    expect(shown(it)).toMatchObject([oidc({}), { Type: 'forward' }]);
    expect(JSON.stringify(shown(it))).not.toContain('Secret');
    it.clock.advance(10_000);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ kind: 'target' });
  });

  test('is refused in a change that neither brings the secret nor says that it stays', () => {
    const it = rehearsed();
    write(it, { ClientSecret: 'hush' });
    const Actions = shown(it);
    const refusal = it.refusal('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    expect(refusal).toEqual({ code: 'ValidationError', message: expect.stringContaining('ClientSecret') as string });
    const no = [oidc({ UseExistingClientSecret: false }), ...forward(it)];
    expect(it.refusal('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions: no }).code).toBe('ValidationError');
    write(it, { UseExistingClientSecret: true });
    expect(shown(it)).toEqual(Actions);
    write(it, { UseExistingClientSecret: true });
  });

  test('cannot keep a secret that the rule never had', () => {
    const it = rehearsed();
    expect(() => {
      write(it, { UseExistingClientSecret: true });
    }).toThrow('ClientSecret');
    const DefaultActions = [oidc({ UseExistingClientSecret: true }), ...forward(it)];
    const { ListenerArn } = created(it);
    expect(it.refusal('elbv2', 'ModifyListener', { ListenerArn, DefaultActions }).code).toBe('ValidationError');
  });

  test('keeps its secret as a listener’s default action, too', () => {
    const it = rehearsed();
    const { ListenerArn } = created(it, 8443, [oidc({ ClientSecret: 'hush' }), ...forward(it)]);
    const DefaultActions = [oidc({ UseExistingClientSecret: true, ClientId: 'other' }), ...forward(it)];
    const answer = it.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions });
    expect(JSON.stringify([answer, listeners(it)])).not.toContain('Secret');
    expect(listeners(it)[1]?.DefaultActions?.[0]?.AuthenticateOidcConfig?.ClientId).toBe('other');
  });
});

describe('attributes of a target group', () => {
  test('are changed one by one, and unknown ones are refused', () => {
    const it = rehearsed();
    const TargetGroupArn = it.seeded.targetGroupArn;
    const change = (Key: string, Value: string): object => ({ TargetGroupArn, Attributes: [{ Key, Value }] });
    const read = (): TargetGroupAttribute[] =>
      it.call('elbv2', 'DescribeTargetGroupAttributes', { TargetGroupArn })['Attributes'] as TargetGroupAttribute[];
    const before = read();
    it.call(
      'elbv2',
      'ModifyTargetGroupAttributes',
      change('slow_start.duration_seconds', '60') as Record<string, unknown>,
    );
    expect(read()).toEqual(
      before.map(({ Key, Value }) => ({ Key, Value: Key === 'slow_start.duration_seconds' ? '60' : Value })),
    );
    const unknown = change('mood', 'good') as Record<string, unknown>;
    expect(it.refusal('elbv2', 'ModifyTargetGroupAttributes', unknown).code).toBe('ValidationError');
  });
});
