import type { ScalableTarget, ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { ServiceSeed } from '../../../local/fleet/seeds.ts';
import { ACCOUNT, REGION, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const SCALING = 'application-autoscaling';
const web = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;
const scaled: Partial<ServiceSeed> = { scaling: { min: 1, max: 4 } };
const AWAKE = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false };

const targets = (it: Rehearsed, more: object = {}): ScalableTarget[] =>
  it.call(SCALING, 'DescribeScalableTargets', { ServiceNamespace: 'ecs', ...more })[
    'ScalableTargets'
  ] as ScalableTarget[];
const policies = (it: Rehearsed, more: object = {}): ScalingPolicy[] =>
  it.call(SCALING, 'DescribeScalingPolicies', { ServiceNamespace: 'ecs', ...more })[
    'ScalingPolicies'
  ] as ScalingPolicy[];
const actions = (it: Rehearsed, more: object = {}): ScheduledAction[] =>
  it.call(SCALING, 'DescribeScheduledActions', { ServiceNamespace: 'ecs', ...more })[
    'ScheduledActions'
  ] as ScheduledAction[];
const register = (it: Rehearsed, change: object): unknown =>
  it.call(SCALING, 'RegisterScalableTarget', { ...web, ...change })['ScalableTargetARN'];

describe('a scalable target', () => {
  test('is not there until it is registered, and then told with its ARN', () => {
    const it = rehearsed();
    expect(targets(it)).toEqual([]);
    const arn = register(it, { MinCapacity: 1, MaxCapacity: 4 });
    expect(arn).toMatch(
      new RegExp(`^arn:aws:application-autoscaling:${REGION}:${ACCOUNT}:scalable-target/[0-9a-f]{32}$`),
    );
    expect(targets(it)).toEqual([
      {
        ...web,
        MinCapacity: 1,
        MaxCapacity: 4,
        RoleARN: expect.stringContaining('AWSServiceRoleForApplicationAutoScaling_ECSService') as string,
        CreationTime: new Date(it.clock.now()),
        SuspendedState: AWAKE,
        ScalableTargetARN: arn,
      },
    ]);
  });

  test('keeps what a later registration does not give, each flag for itself', () => {
    const it = rehearsed(scaled);
    const [before] = targets(it);
    it.clock.advance(1000);
    const arn = register(it, { SuspendedState: { DynamicScalingInSuspended: true } });
    register(it, { SuspendedState: { ScheduledScalingSuspended: true } });
    register(it, { MaxCapacity: 9 });
    expect(arn).toBe(before?.ScalableTargetARN);
    expect(targets(it)).toEqual([
      {
        ...before,
        MaxCapacity: 9,
        SuspendedState: { ...AWAKE, DynamicScalingInSuspended: true, ScheduledScalingSuspended: true },
      },
    ]);
  });

  test('pulls the desired count inside new bounds, and leaves it alone when none are given', () => {
    const it = rehearsed(scaled);
    register(it, { MinCapacity: 3 });
    expect(it.service().desiredCount).toBe(3);
    it.until('grown', () => it.service().runningCount === 3);
    register(it, { MinCapacity: 0, MaxCapacity: 1 });
    expect(it.service().desiredCount).toBe(1);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 2 });
    register(it, { SuspendedState: { DynamicScalingOutSuspended: true } });
    expect(it.service().desiredCount).toBe(2);
  });

  test('is not touched by a deployment', () => {
    const it = rehearsed(scaled);
    const before = targets(it);
    it.deploy('2');
    it.until('completed', it.stable);
    expect(targets(it)).toEqual(before);
  });

  test('is found by resource and dimension, and in no other namespace', () => {
    const it = rehearsed(scaled);
    expect(targets(it, { ResourceIds: ['service/shop/web'], ScalableDimension: web.ScalableDimension })).toHaveLength(
      1,
    );
    expect(targets(it, { ResourceIds: ['service/shop/other'] })).toEqual([]);
    expect(targets(it, { ServiceNamespace: 'dynamodb' })).toEqual([]);
  });

  test('goes with its policies and scheduled actions, and leaves those of others', () => {
    const it = rehearsed({ scaling: { min: 1, max: 4, policies: [{ name: 'p', tracks: 'cpu' }] } });
    it.world.putService({
      cluster: 'shop',
      service: 'webs',
      family: 'webs',
      desiredCount: 1,
      containers: [{ name: 'app', image: it.view().rollouts[0]?.images[0] ?? '' }],
      scaling: { min: 1, max: 2, policies: [{ name: 'p', tracks: 'requests' }] },
    });
    it.call(SCALING, 'DeregisterScalableTarget', web);
    expect(targets(it).map(({ ResourceId }) => ResourceId)).toEqual(['service/shop/webs']);
    expect(policies(it).map(({ ResourceId }) => ResourceId)).toEqual(['service/shop/webs']);
    expect(it.refusal(SCALING, 'DeregisterScalableTarget', web).code).toBe('ObjectNotFoundException');
  });
});

describe('Application Auto Scaling refuses', () => {
  test.each([
    [
      'a service that is not there',
      { ResourceId: 'service/shop/none' },
      "ECS service doesn't exist: service/shop/none",
    ],
    ['what is no service', { ResourceId: 'table/a' }, 'Unsupported service namespace, resource type'],
    ['another dimension', { ScalableDimension: 'ecs:service:Other' }, 'Unsupported service namespace, resource type'],
    ['a new target without bounds', { MinCapacity: undefined }, 'both MinCapacity and MaxCapacity'],
    ['a minimum above the maximum', { MinCapacity: 5 }, 'Minimum capacity'],
  ])('%s', (_what, change, message) => {
    const it = rehearsed();
    const request = { ...web, MinCapacity: 1, MaxCapacity: 4, ...change };
    expect(it.refusal(SCALING, 'RegisterScalableTarget', request)).toEqual({
      code: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
    expect(targets(it)).toEqual([]);
  });

  test.each(['PutScalingPolicy', 'PutScheduledAction'])('%s without a scalable target', (operation) => {
    const refusal = rehearsed().refusal(SCALING, operation, { ...web, PolicyName: 'p', ScheduledActionName: 'a' });
    expect(refusal).toEqual({
      code: 'ObjectNotFoundException',
      message: `No scalable target registered for service namespace: ecs, resource ID: ${web.ResourceId}, scalable dimension: ${web.ScalableDimension}`,
    });
  });
});

describe('policies and scheduled actions', () => {
  test('are told as they were put, and again by name', () => {
    const it = rehearsed(scaled);
    const configuration = {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
      },
    };
    const policy = { ...web, PolicyName: 'p', PolicyType: 'TargetTrackingScaling', ...configuration };
    const { PolicyARN } = it.call(SCALING, 'PutScalingPolicy', policy);
    expect(it.call(SCALING, 'PutScalingPolicy', policy)).toEqual({ PolicyARN, Alarms: [] });
    expect(policies(it, { PolicyNames: ['p'] })).toMatchObject([{ ...policy, PolicyARN }]);
    expect(policies(it, { PolicyNames: ['q'] })).toEqual([]);
    const action = {
      ...web,
      ScheduledActionName: 'a',
      Schedule: 'rate(1 hour)',
      ScalableTargetAction: { MinCapacity: 2 },
    };
    it.call(SCALING, 'PutScheduledAction', action);
    expect(actions(it, { ResourceId: web.ResourceId })).toMatchObject([action]);
    expect(actions(it, { ScheduledActionNames: ['b'] })).toEqual([]);
  });

  test('can be seeded; one that counts requests names the target group of the service', () => {
    const it = rehearsed({
      scaling: {
        min: 1,
        max: 4,
        policies: [
          { name: 'busy', tracks: 'cpu' },
          { name: 'asked', tracks: 'requests' },
        ],
        scheduledActions: [{ name: 'morning', schedule: 'cron(0 8 * * ? *)', min: 2 }],
        suspended: { scaleIn: true },
      },
    });
    expect(targets(it)).toMatchObject([{ SuspendedState: { ...AWAKE, DynamicScalingInSuspended: true } }]);
    const metrics = policies(it).map(
      ({ TargetTrackingScalingPolicyConfiguration: tracking }) => tracking?.PredefinedMetricSpecification,
    );
    const group = it.seeded.targetGroupArn.split(':').at(-1) ?? '';
    expect(metrics).toEqual([
      { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: expect.stringMatching(new RegExp(`^app/rehearsal/[0-9a-f]{16}/${group}$`)) as string,
      },
    ]);
    expect(actions(it)).toMatchObject([{ Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 2 } }]);
  });
});

describe('a policy’s wish', () => {
  const wish = (it: Rehearsed, desired: number): unknown => it.world.autoscale('shop', 'web', desired);

  test('is granted within the bounds', () => {
    const it = rehearsed(scaled);
    expect(wish(it, 3)).toEqual({ done: true, desired: 3 });
    expect(wish(it, 9)).toEqual({ done: true, desired: 4 });
    expect(wish(it, 9)).toEqual({ done: false, desired: 4 });
    it.until('grown', () => it.service().runningCount === 4);
    expect(wish(it, 0)).toEqual({ done: true, desired: 1 });
  });

  test('is not granted in a direction that is suspended', () => {
    const it = rehearsed(scaled);
    register(it, { SuspendedState: { DynamicScalingInSuspended: true } });
    expect(wish(it, 1)).toEqual({ done: false, desired: 2 });
    expect(wish(it, 3)).toEqual({ done: true, desired: 3 });
    register(it, { SuspendedState: { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: true } });
    expect(wish(it, 4)).toEqual({ done: false, desired: 3 });
    expect(wish(it, 1)).toEqual({ done: true, desired: 1 });
  });

  test('for fewer tasks waits for the end of a deployment; for more it does not', () => {
    const it = rehearsed(scaled);
    it.deploy('2');
    expect(wish(it, 1)).toEqual({ done: false, desired: 2 });
    expect(wish(it, 3)).toEqual({ done: true, desired: 3 });
    it.until('completed', it.stable);
    expect(wish(it, 1)).toEqual({ done: true, desired: 1 });
  });

  test('of a service without a scalable target is a mistake', () => {
    expect(() => wish(rehearsed(), 3)).toThrow('no scalable target');
  });
});

describe('a stale read', () => {
  test('tells scalable targets, policies and scheduled actions as before the latest write', () => {
    const it = rehearsed(scaled);
    const stale = (operation: string, member: string): unknown =>
      it.world.before(1)[SCALING][operation]?.({ ServiceNamespace: 'ecs' })[member];
    const before = targets(it);
    register(it, { MaxCapacity: 9 });
    expect(stale('DescribeScalableTargets', 'ScalableTargets')).toEqual(before);
    it.call(SCALING, 'PutScalingPolicy', { ...web, PolicyName: 'p' });
    expect(stale('DescribeScalingPolicies', 'ScalingPolicies')).toEqual([]);
    expect(policies(it)).toHaveLength(1);
    it.call(SCALING, 'PutScheduledAction', { ...web, ScheduledActionName: 'a', Schedule: 'rate(1 hour)' });
    expect(stale('DescribeScheduledActions', 'ScheduledActions')).toEqual([]);
    expect(actions(it)).toHaveLength(1);
  });
});
