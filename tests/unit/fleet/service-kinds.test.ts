import { BREAKER, HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const web = { cluster: 'shop', service: 'web' };
const containers = [{ name: 'app', image: `${HOST}/web:1` }];

const health = ({ call }: Rehearsed, TargetGroupArn: string | undefined): string[] => {
  const { TargetHealthDescriptions: all } = call('elbv2', 'DescribeTargetHealth', { TargetGroupArn });
  return (all as { TargetHealth: { State: string } }[]).map(({ TargetHealth }) => TargetHealth.State);
};

describe('a service of another controller', () => {
  test.each(['CODE_DEPLOY', 'EXTERNAL'] as const)('has task sets and no deployments, and is not rolled: %s', (type) => {
    const it = rehearsed({ deploymentController: type });
    const { deployments, taskSets = [], ...service } = it.service();
    expect(service).toMatchObject({ deploymentController: { type }, runningCount: 2 });
    expect(deployments).toEqual([]);
    expect(taskSets).toMatchObject([
      {
        status: 'PRIMARY',
        taskDefinition: it.seeded.taskDefinitionArn,
        computedDesiredCount: 2,
        runningCount: 2,
        scale: { value: 100, unit: 'PERCENT' },
        stabilityStatus: 'STEADY_STATE',
      },
    ]);
    expect(taskSets[0]?.taskSetArn).toMatch(/:task-set\/shop\/web\/ecs-svc\/\d+$/);
    expect(taskSets[0]?.startedBy).toBe(type === 'CODE_DEPLOY' ? type : undefined);
    expect(service.taskDefinition).toBe(type === 'CODE_DEPLOY' ? it.seeded.taskDefinitionArn : undefined);
    const refused = `Unable to force a new deployment on services with ${type === 'EXTERNAL' ? 'an' : 'a'} ${type} deployment controller.`;
    expect(it.refusal('ecs', 'UpdateService', { ...web, forceNewDeployment: true }).message).toContain(refused);
    const taskDefinition = it.register(`${HOST}/web:1`);
    expect(it.refusal('ecs', 'UpdateService', { ...web, taskDefinition }).message).toContain('update task definition');
    it.call('ecs', 'UpdateService', { ...web, desiredCount: 3 });
    expect(it.service().taskSets).toMatchObject([{ stabilityStatus: 'STABILIZING' }]);
    it.until('scaled out', () => it.service().taskSets?.[0]?.stabilityStatus === 'STEADY_STATE');
  });
});

test.each(['BLUE_GREEN', 'LINEAR', 'CANARY'] as const)(
  'a service of the strategy %s says so and is not rolled',
  (strategy) => {
    const it = rehearsed({ strategy });
    expect(it.service().deploymentConfiguration?.strategy).toBe(strategy);
    const taskDefinition = it.register(`${HOST}/web:1`);
    expect(it.refusal('ecs', 'UpdateService', { ...web, taskDefinition })).toEqual({
      code: 'UnsupportedFeatureException',
      message: `The ${strategy} deployment strategy is not supported in this Region.`,
    });
    expect(it.service().deployments).toHaveLength(1);
  },
);

describe('a service without target groups', () => {
  test('behind a Classic Load Balancer tells no rollout state, and rolls by the 40 s that a task needs to count', () => {
    const it = rehearsed({ loadBalancer: 'classic' });
    expect(it.service().loadBalancers).toEqual([
      { loadBalancerName: 'web-classic', containerName: 'app', containerPort: 8080 },
    ]);
    expect(it.seeded).toMatchObject({ targetGroupArn: '', ruleArn: '', targetGroupArns: [] });
    const revision = it.deploy('2');
    expect(it.service().deployments).toHaveLength(2);
    for (const deployment of it.service().deployments ?? []) expect(deployment).not.toHaveProperty('rolloutState');
    expect(it.until('completed', it.stable)).toBeGreaterThan(40);
    expect(it.service().taskDefinition).toBe(revision);
    expect(it.deployments()[0]?.status).toBe('SUCCESSFUL');
  });

  test('behind nothing tells it', () => {
    const it = rehearsed({ loadBalancer: 'none' });
    expect(it.service()).toMatchObject({ loadBalancers: [], deployments: [{ rolloutState: 'COMPLETED' }] });
    it.deploy('2');
    expect(it.until('completed', it.stable)).toBeGreaterThan(40);
    expect(it.world.dataPlane.route('/web')).toMatchObject({ status: 404 });
  });
});

describe('a service with several target groups', () => {
  const moreTargetGroups = [
    { port: 9090, path: '/admin' },
    { container: 'side', port: 7070, path: '/side' },
  ];
  const both = [...containers, { name: 'side', image: `${HOST}/side:1` }];

  test('serves by each of them', () => {
    const it = rehearsed({ containers: both, moreTargetGroups });
    const { targetGroupArns, targetGroupArn } = it.seeded;
    expect(targetGroupArns).toHaveLength(3);
    expect(targetGroupArns[0]).toBe(targetGroupArn);
    expect(it.service().loadBalancers).toMatchObject([
      { targetGroupArn: targetGroupArns[0], containerName: 'app', containerPort: 8080 },
      { targetGroupArn: targetGroupArns[1], containerName: 'app', containerPort: 9090 },
      { targetGroupArn: targetGroupArns[2], containerName: 'side', containerPort: 7070 },
    ]);
    expect(targetGroupArns.map((arn) => health(it, arn))).toEqual(Array(3).fill(['healthy', 'healthy']));
    expect(['/web', '/admin', '/side'].map((path) => it.world.dataPlane.route(path))).toMatchObject(
      targetGroupArns.map((groupArn) => ({ kind: 'target', groupArn })),
    );
    const { taskDefinition } = it.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'web' });
    expect(taskDefinition).toMatchObject({
      containerDefinitions: [
        { portMappings: [{ containerPort: 8080 }, { containerPort: 9090 }] },
        { portMappings: [{ containerPort: 7070 }] },
      ],
    });
  });

  test('rolls out only when a task is healthy in all of them', () => {
    const it = rehearsed({ containers: both, moreTargetGroups, circuitBreaker: BREAKER });
    it.world.putImage({ repository: 'side', tag: 'bad', behaviour: { does: 'never become healthy' } });
    const containerDefinitions = [
      { name: 'app', image: `${HOST}/web:1`, portMappings: [{ containerPort: 8080 }, { containerPort: 9090 }] },
      { name: 'side', image: `${HOST}/side:bad`, portMappings: [{ containerPort: 7070 }] },
    ];
    it.call('ecs', 'UpdateService', { ...web, taskDefinition: it.register('', { containerDefinitions }) });
    it.until('rolled back', () => it.deployments()[0]?.status === 'ROLLBACK_SUCCESSFUL');
    expect(
      it.tasks('STOPPED').some(({ stoppedReason = '' }) => stoppedReason.includes(it.seeded.targetGroupArns[2] ?? '-')),
    ).toBe(true);
  });

  test('refuses a path that is taken', () => {
    expect(() => rehearsed({ moreTargetGroups: [{ port: 9090, path: '/web' }] })).toThrow('Each path leads to one');
    const seed = { cluster: 'shop', service: 'two', family: 'two', desiredCount: 1, containers };
    const more = { moreTargetGroups: [{ port: 9090, path: '/web' }] };
    expect(() => rehearsed().world.putService({ ...seed, ...more })).toThrow('goes to another service');
  });
});

test('a service by capacity provider names no launch type, and has what Fargate tasks have', () => {
  const it = rehearsed({ capacityProvider: 'FARGATE_SPOT' });
  expect(it.service()).toMatchObject({
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }],
    platformVersion: 'LATEST',
  });
  expect(it.service()).not.toHaveProperty('launchType');
  const on = (capacityProvider: string): unknown => rehearsed({ capacityProvider }).service().platformVersion;
  expect(on('my-instances')).toBeUndefined();
});

test('the deregistration delay and the grace period can be seeded', () => {
  const it = rehearsed({ desiredCount: 1, deregistrationDelay: 100, healthCheckGracePeriod: 200 });
  expect(it.service().healthCheckGracePeriodSeconds).toBe(200);
  it.deploy('slow', { does: 'become healthy', after: 120 });
  expect(it.until('completed', it.stable)).toBeGreaterThan(220);
});
