import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { ImageBehaviour } from '../../../local/fleet/seeds.ts';
import { BREAKER, HEALTHY, HOST, rehearsed } from './rehearsed-world.ts';

const web = { cluster: 'shop', service: 'web' };

describe('a service with desired count 0', () => {
  test('is stable, and a rollout of it completes within seconds without a task', () => {
    const it = rehearsed({ desiredCount: 0, circuitBreaker: BREAKER });
    expect(it.service()).toMatchObject({
      desiredCount: 0,
      runningCount: 0,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    const bad = it.deploy('bad', { does: 'never become healthy' });
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }, { rolloutState: 'COMPLETED' }]);
    const completed = (): boolean => it.service().deployments?.[0]?.rolloutState === 'COMPLETED';
    expect(it.until('completed', () => it.stable() && completed())).toBeLessThan(5);
    expect(it.service()).toMatchObject({ taskDefinition: bad, deployments: [{ desiredCount: 0, failedTasks: 0 }] });
    expect([...it.tasks('RUNNING'), ...it.tasks('STOPPED')]).toEqual([]);
  });
});

describe('a service whose rollout has just begun', () => {
  const bad: ImageBehaviour = { does: 'never become healthy' };
  const first = { cluster: 'shop', service: 'first' };

  const begun = (behaviour: ImageBehaviour, circuitBreaker = { enable: false, rollback: false }) => {
    const it = rehearsed();
    it.world.putImage({ repository: 'first', tag: '1', behaviour });
    const image = [{ name: 'app', image: `${HOST}/first:1` }];
    const seed = { ...first, family: 'first', desiredCount: 2, containers: image, circuitBreaker };
    it.world.putService({ ...seed, rollout: 'begun' });
    const deployment = (): unknown => {
      const { serviceDeployments } = it.call('ecs', 'ListServiceDeployments', first);
      const serviceDeploymentArns = (serviceDeployments as ServiceDeployment[]).map((one) => one.serviceDeploymentArn);
      const answer = it.call('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns });
      return (answer['serviceDeployments'] as unknown[])[0];
    };
    return { ...it, deployment, rollouts: () => it.world.serviceView('shop', 'first').rollouts };
  };

  test('completes when its image is good', () => {
    const it = begun(HEALTHY);
    expect(it.rollouts()).toMatchObject([{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', running: 0 }]);
    expect(it.deployment()).toMatchObject({ status: 'PENDING', sourceServiceRevisions: [] });
    it.until('completed', () => it.rollouts()[0]?.rolloutState === 'COMPLETED');
    expect(it.deployment()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('never completes when it is not: the circuit breaker stalls, and has nothing to go back to afterwards, too', () => {
    const it = begun(bad, BREAKER);
    it.clock.advance(3_600_000);
    expect(it.rollouts()).toMatchObject([{ rolloutState: 'IN_PROGRESS', running: 0, failed: 4 }]);
    const breaker = { status: 'TRIGGERED', failureCount: 3, threshold: 3 };
    expect(it.deployment()).toMatchObject({ status: 'IN_PROGRESS', deploymentCircuitBreaker: breaker });
    it.call('ecs', 'UpdateService', { ...first, forceNewDeployment: true });
    it.clock.advance(3_600_000);
    expect(it.rollouts()).toMatchObject([{ rolloutState: 'IN_PROGRESS', running: 0, failed: 4 }]);
    it.call('ecs', 'UpdateService', { ...first, taskDefinition: it.seeded.taskDefinitionArn });
    it.until('completed by a good one', () => it.rollouts()[0]?.rolloutState === 'COMPLETED');
  });

  test('never completes without the circuit breaker either, and goes on trying', () => {
    const it = begun(bad);
    it.clock.advance(3_600_000);
    expect(it.rollouts()).toMatchObject([{ rolloutState: 'IN_PROGRESS' }]);
    expect(it.rollouts()[0]?.failed).toBeGreaterThan(10);
  });
});

describe('a DRAINING service', () => {
  test('stays so, refuses updates, keeps its name, and becomes INACTIVE when its targets have drained', () => {
    const it = rehearsed({ status: 'DRAINING' });
    it.clock.advance(3_000_000);
    expect(it.service()).toMatchObject({ status: 'DRAINING', desiredCount: 0, deployments: [{ status: 'PRIMARY' }] });
    expect(it.tasks('STOPPED')).toMatchObject([{ lastStatus: 'DEACTIVATING' }, { lastStatus: 'DEACTIVATING' }]);
    expect(it.refusal('ecs', 'UpdateService', { ...web, desiredCount: 1 }).code).toBe('ServiceNotActiveException');
    const again = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
    expect(it.refusal('ecs', 'CreateService', again).message).toContain('still Draining');
    it.until('inactive', () => it.service().status === 'INACTIVE');
    it.call('ecs', 'CreateService', again);
    expect(it.service().status).toBe('ACTIVE');
  });

  test('needs something that drains', () => {
    for (const more of [{ desiredCount: 0 }, { loadBalancer: 'none' as const }]) {
      expect(() => rehearsed({ status: 'DRAINING', ...more })).toThrow('stay DRAINING needs tasks');
    }
  });
});

test('an INACTIVE service refuses updates, has no task, and leaves its name', () => {
  const it = rehearsed({ status: 'INACTIVE' });
  expect(it.service()).toMatchObject({ status: 'INACTIVE', desiredCount: 0, runningCount: 0, deployments: [] });
  expect([...it.tasks('RUNNING'), ...it.tasks('STOPPED')]).toEqual([]);
  expect(it.refusal('ecs', 'UpdateService', { ...web, desiredCount: 1 }).code).toBe('ServiceNotActiveException');
  expect(it.call('ecs', 'ListServices', { cluster: 'shop' })).toEqual({ serviceArns: [] });
  it.call('ecs', 'CreateService', { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
  expect(it.service().status).toBe('ACTIVE');
});

describe('percentages that forbid every move', () => {
  test.each([
    [1, 100, 100],
    [3, 100, 100],
    [1, 100, 199],
    [2, 90, 140],
  ])('stall a rollout of %d tasks at %d / %d, with one event, and keep the old ones', (desired, least, most) => {
    const it = rehearsed({
      desiredCount: desired,
      minimumHealthyPercent: least,
      maximumPercent: most,
      circuitBreaker: BREAKER,
    });
    it.deploy('2');
    it.clock.advance(7_200_000);
    expect(it.service()).toMatchObject({ runningCount: desired, pendingCount: 0 });
    expect(it.service().deployments).toMatchObject([
      { rolloutState: 'IN_PROGRESS', runningCount: 0, failedTasks: 0 },
      { rolloutState: 'COMPLETED', runningCount: desired },
    ]);
    expect(it.deployments()[0]?.status).toBe('IN_PROGRESS');
    const told = it.view().events.filter((event) => event.includes('was unable to stop or start tasks'));
    expect(told).toHaveLength(1);
    it.call('ecs', 'UpdateService', { ...web, taskDefinition: it.seeded.taskDefinitionArn });
    it.clock.advance(7_200_000);
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS', runningCount: 0 }, {}]);
    it.call('ecs', 'UpdateService', { ...web, deploymentConfiguration: { maximumPercent: 200 } });
    it.until('back on the old revision', it.stable);
  });
});

describe('a DAEMON', () => {
  test('stops first and starts then, at the percentages that ECS gives daemons', () => {
    const it = rehearsed({ schedulingStrategy: 'DAEMON', desiredCount: 3 });
    expect(it.service()).toMatchObject({
      schedulingStrategy: 'DAEMON',
      launchType: 'EC2',
      desiredCount: 3,
      deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
    });
    expect(it.service().platformVersion).toBeUndefined();
    const revision = it.deploy('2');
    let most = 0;
    it.until('completed', it.stable, () => (most = Math.max(most, it.tasks('RUNNING').length)));
    expect(most).toBe(3);
    expect(it.tasks('RUNNING').every(({ taskDefinitionArn }) => taskDefinitionArn === revision)).toBe(true);
  });

  test('takes no desired count, and is deleted without force', () => {
    const it = rehearsed({ schedulingStrategy: 'DAEMON' });
    const refused = {
      code: 'InvalidParameterException',
      message:
        'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    };
    expect(it.refusal('ecs', 'UpdateService', { ...web, desiredCount: 2 })).toEqual(refused);
    const made = { cluster: 'shop', serviceName: 'new', taskDefinition: 'web', schedulingStrategy: 'DAEMON' };
    expect(it.refusal('ecs', 'CreateService', { ...made, desiredCount: 1 })).toEqual(refused);
    it.call('ecs', 'DeleteService', web);
    expect(it.service().status).toBe('DRAINING');
  });
});
