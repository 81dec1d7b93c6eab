import type { Action, Rule, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const health = (it: Rehearsed, TargetGroupArn = it.seeded.targetGroupArn): TargetHealthDescription[] =>
  it.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn })['TargetHealthDescriptions'] as TargetHealthDescription[];

const states = (it: Rehearsed, group?: string): string[] =>
  health(it, group).map(({ TargetHealth }) => [TargetHealth?.State, TargetHealth?.Reason].join(' ').trim());

const groupNamed = (it: Rehearsed, Name: string): string => {
  const { TargetGroups } = it.call('elbv2', 'CreateTargetGroup', { Name, Port: 8080, TargetType: 'ip' });
  return (TargetGroups as { TargetGroupArn: string }[])[0]?.TargetGroupArn ?? '';
};

const rule = (it: Rehearsed): Rule => {
  const { Rules } = it.call('elbv2', 'DescribeRules', { RuleArns: [it.seeded.ruleArn] });
  const [found] = Rules as Rule[];
  if (found === undefined) throw new Error('no rule');
  return found;
};

const forward = (weights: Record<string, number>): Action[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
    },
  },
];

describe('target health', () => {
  test('goes from initial to healthy to draining, with the reasons of ELB', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('2');
    const seen = new Set<string>();
    it.until('completed', it.stable, () => {
      for (const state of states(it)) seen.add(state);
    });
    expect([...seen]).toEqual([
      'healthy',
      'initial Elb.RegistrationInProgress',
      'initial Elb.InitialHealthChecking',
      'draining Target.DeregistrationInProgress',
    ]);
    expect(states(it)).toEqual(['healthy']);
  });

  test('becomes unhealthy after three failed checks', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('bad', { does: 'never become healthy' });
    it.until('registered', () => states(it).includes('initial Elb.InitialHealthChecking'));
    const seconds = it.until('unhealthy', () => states(it).includes('unhealthy Target.FailedHealthChecks'));
    expect(seconds).toBeGreaterThanOrEqual(19);
    expect(seconds).toBeLessThanOrEqual(21);
  });

  test('is unused in a group that no rule forwards to, until one does, at whatever weight', () => {
    const it = rehearsed();
    const idle = groupNamed(it, 'idle');
    const [target] = health(it);
    it.call('elbv2', 'RegisterTargets', { TargetGroupArn: idle, Targets: [{ Id: target?.Target?.Id, Port: 8080 }] });
    it.clock.advance(100_000);
    expect(states(it, idle)).toEqual(['unused Target.NotInUse']);
    const Actions = forward({ [it.seeded.targetGroupArn]: 1, [idle]: 0 });
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    expect(states(it, idle)).toEqual(['initial Elb.RegistrationInProgress']);
    it.clock.advance(100_000);
    expect(states(it, idle)).toEqual(['healthy']);
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions: forward({ [it.seeded.targetGroupArn]: 1 }) });
    expect(states(it, idle)).toEqual(['unused Target.NotInUse']);
  });

  test('of a target that is asked for and not registered is unused', () => {
    const it = rehearsed();
    const answer = it.call('elbv2', 'DescribeTargetHealth', {
      TargetGroupArn: it.seeded.targetGroupArn,
      Targets: [{ Id: '10.9.9.9' }],
    });
    expect(answer['TargetHealthDescriptions']).toMatchObject([
      { TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ]);
  });

  test('ends with deregistration after the delay of the group', () => {
    const it = rehearsed({ desiredCount: 1 });
    const Targets = health(it).map(({ Target }) => ({ Id: Target?.Id }));
    const { Attributes } = it.call('elbv2', 'DescribeTargetGroupAttributes', {
      TargetGroupArn: it.seeded.targetGroupArn,
    });
    expect(Attributes).toEqual(expect.arrayContaining([{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]));
    const deregister = { TargetGroupArn: it.seeded.targetGroupArn, Targets };
    it.call('elbv2', 'DeregisterTargets', deregister);
    it.clock.advance(29_000);
    expect(states(it)).toEqual(['draining Target.DeregistrationInProgress']);
    it.clock.advance(2000);
    expect(states(it)).toEqual([]);
    expect(it.refusal('elbv2', 'DeregisterTargets', deregister).code).toBe('InvalidTarget');
  });

  test('does not hold a task up whose target somebody else deregistered', () => {
    const it = rehearsed({ desiredCount: 1 });
    const Targets = health(it).map(({ Target }) => ({ Id: Target?.Id }));
    it.deploy('2');
    it.until('the new task runs', () => it.service().runningCount === 2);
    it.call('elbv2', 'DeregisterTargets', { TargetGroupArn: it.seeded.targetGroupArn, Targets });
    it.until('draining', () => it.view().tasks.some(({ status }) => status === 'DEACTIVATING'));
    it.until('stopped', () => it.view().tasks.some(({ status }) => status === 'STOPPED'));
  });
});

describe('rules', () => {
  test('are returned as AWS returns them', () => {
    const it = rehearsed();
    expect(rule(it)).toEqual({
      RuleArn: it.seeded.ruleArn,
      Priority: '10',
      IsDefault: false,
      Conditions: [
        { Field: 'path-pattern', Values: ['/web', '/web/*'], PathPatternConfig: { Values: ['/web', '/web/*'] } },
      ],
      Actions: [
        {
          Type: 'forward',
          Order: 1,
          TargetGroupArn: it.seeded.targetGroupArn,
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: it.seeded.targetGroupArn, Weight: 1 }],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
    });
  });

  test('take whole lists, keep what is not given, and what is returned can be sent back', () => {
    const it = rehearsed();
    const other = groupNamed(it, 'other');
    const Actions = [
      { Type: 'authenticate-cognito', Order: 1, AuthenticateCognitoConfig: { UserPoolArn: 'p' } },
      ...forward({ [it.seeded.targetGroupArn]: 70, [other]: 30 }).map((action) => ({ ...action, Order: 2 })),
    ];
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions });
    const before = rule(it);
    expect(before.Actions).toMatchObject(Actions);
    expect(before.Conditions).toHaveLength(1);
    it.call('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions: before.Actions });
    expect(rule(it)).toEqual(before);
  });

  test.each([
    ['an unknown target group', [{ Type: 'forward', TargetGroupArn: 'arn:none' }], 'TargetGroupNotFound'],
    ['no routing action', [{ Type: 'authenticate-oidc' }], 'ValidationError'],
    ['two routing actions', [{ Type: 'fixed-response' }, { Type: 'redirect' }], 'ValidationError'],
  ])('refuse %s, and stay as they were', (_what, Actions, code) => {
    const it = rehearsed();
    const before = rule(it);
    expect(it.refusal('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, Actions }).code).toBe(code);
    expect(rule(it)).toEqual(before);
  });

  test('refuse weights beyond 999, the same group twice, more than five groups, other conditions, and the default rule', () => {
    const it = rehearsed();
    const refuse = (change: object): string =>
      it.refusal('elbv2', 'ModifyRule', { RuleArn: it.seeded.ruleArn, ...change }).code;
    expect(refuse({ Actions: forward({ [it.seeded.targetGroupArn]: 1000 }) })).toBe('ValidationError');
    const [one] = forward({ [it.seeded.targetGroupArn]: 1 });
    const twice = [...(one?.ForwardConfig?.TargetGroups ?? []), ...(one?.ForwardConfig?.TargetGroups ?? [])];
    expect(refuse({ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: twice } }] })).toBe('ValidationError');
    const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [groupNamed(it, name), 1]));
    expect(refuse({ Actions: forward(six) })).toBe('TooManyTargetGroups');
    expect(refuse({ Conditions: [{ Field: 'host-header', Values: ['a'] }] })).toBe('ValidationError');
    expect(refuse({ RuleArn: 'arn:none' })).toBe('RuleNotFound');
    const { Listeners } = it.call('elbv2', 'DescribeListeners', { LoadBalancerArn: loadBalancerArn(it) });
    const [listener] = Listeners as { ListenerArn: string }[];
    const { Rules } = it.call('elbv2', 'DescribeRules', { ListenerArn: listener?.ListenerArn });
    const fallback = (Rules as Rule[]).at(-1);
    expect(fallback).toMatchObject({ IsDefault: true, Priority: 'default' });
    expect(refuse({ RuleArn: fallback?.RuleArn })).toBe('OperationNotPermitted');
    const Conditions = [{ Field: 'path-pattern', Values: ['/x'] }];
    const again = {
      ListenerArn: listener?.ListenerArn,
      Priority: 10,
      Conditions,
      Actions: forward({ [it.seeded.targetGroupArn]: 1 }),
    };
    expect(it.refusal('elbv2', 'CreateRule', again).code).toBe('PriorityInUse');
  });
});

const loadBalancerArn = (it: Rehearsed): string => {
  const { LoadBalancers } = it.call('elbv2', 'DescribeLoadBalancers', {});
  return (LoadBalancers as { LoadBalancerArn: string }[])[0]?.LoadBalancerArn ?? '';
};

describe('target groups', () => {
  test('are found by ARN, name and load balancer', () => {
    const it = rehearsed();
    groupNamed(it, 'idle');
    const found = (input: object): unknown[] =>
      it.call('elbv2', 'DescribeTargetGroups', { ...input })['TargetGroups'] as unknown[];
    expect(found({})).toHaveLength(2);
    expect(found({ Names: ['idle'] })).toMatchObject([{ LoadBalancerArns: [], HealthCheckIntervalSeconds: 30 }]);
    expect(found({ LoadBalancerArn: loadBalancerArn(it) })).toMatchObject([
      {
        TargetGroupArn: it.seeded.targetGroupArn,
        LoadBalancerArns: [loadBalancerArn(it)],
        HealthCheckIntervalSeconds: 10,
        TargetType: 'ip',
      },
    ]);
    expect(it.refusal('elbv2', 'DescribeTargetGroups', { Names: ['none'] }).code).toBe('TargetGroupNotFound');
    expect(it.refusal('elbv2', 'CreateTargetGroup', { Name: 'idle' }).code).toBe('DuplicateTargetGroupName');
  });

  test('unknown load balancers and listeners are refused', () => {
    const it = rehearsed();
    expect(it.refusal('elbv2', 'DescribeLoadBalancers', { Names: ['none'] }).code).toBe('LoadBalancerNotFound');
    expect(it.refusal('elbv2', 'DescribeListeners', { ListenerArns: ['none'] }).code).toBe('ListenerNotFound');
    expect(it.refusal('elbv2', 'DescribeListeners', {}).code).toBe('ValidationError');
    expect(it.refusal('elbv2', 'DescribeRules', {}).code).toBe('ValidationError');
  });
});
