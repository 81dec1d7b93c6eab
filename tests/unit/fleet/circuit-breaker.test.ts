import type { ImageBehaviour } from '../../../local/fleet/seeds.ts';
import { breakerThreshold } from '../../../local/fleet/world/breaker.ts';
import { BREAKER, rehearsed } from './rehearsed-world.ts';

const NEVER: ImageBehaviour = { does: 'never become healthy' };

test('the threshold is half the desired count, at least 3, at most 200, unless configured', () => {
  const on = { enable: true, rollback: true };
  expect([1, 7, 20, 1000].map((desired) => breakerThreshold(desired, on))).toEqual([3, 4, 10, 200]);
  const configured = (type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT', value: number): number =>
    breakerThreshold(10, { ...on, thresholdConfiguration: { type, value } });
  expect(configured('COUNT', 7)).toBe(7);
  expect(configured('BOUNDED_PERCENT', 10)).toBe(3);
  expect(configured('UNBOUNDED_PERCENT', 10)).toBe(1);
});

describe('a rollout that fails, with the circuit breaker and rollback', () => {
  test.each<ImageBehaviour>([
    NEVER,
    { does: 'exit', code: 1, after: 2 },
    { does: 'fail to pull' },
    { does: 'fail to start', reason: 'ResourceInitializationError' },
    { does: 'become healthy', after: 500 },
  ])('is rolled back within 5 minutes: $does', (behaviour) => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    it.deploy('bad', behaviour);
    const seconds = it.until('rolled back', () => it.service().taskDefinition === it.seeded.taskDefinitionArn);
    expect(seconds).toBeLessThan(300);
    it.until('stable on the old revision', it.stable);
    expect(it.deployments()[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
  });

  test('has a new id in the classic view, and the same service deployment in the other', () => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    const [good] = it.service().deployments ?? [];
    it.deploy('bad', NEVER);
    const [bad] = it.service().deployments ?? [];
    const { serviceDeploymentArn } = it.deployments()[0] ?? {};
    it.until('tripped', () => it.service().deployments?.[0]?.id !== bad?.id);
    const [back, failed] = it.service().deployments ?? [];
    expect(back).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      taskDefinition: it.seeded.taskDefinitionArn,
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${good?.id ?? ''}.`,
    });
    expect([good?.id, bad?.id]).not.toContain(back?.id);
    expect(failed).toMatchObject({
      id: bad?.id,
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
    const sourceArn = it.deployments()[1]?.targetServiceRevision?.arn;
    expect(it.deployments()).toHaveLength(2);
    expect(it.deployments()[0]).toMatchObject({
      serviceDeploymentArn,
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: reason,
      rollback: { reason, serviceRevisionArn: sourceArn },
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 4, threshold: 3 },
    });
    expect(it.view().events).toEqual(
      expect.arrayContaining([
        `(service web) (deployment ${bad?.id ?? ''}) deployment failed: tasks failed to start.`,
        `(service web) rolling back to deployment ${good?.id ?? ''}.`,
      ]),
    );
    it.until('stable', it.stable);
    expect(it.service().deployments).toMatchObject([{ id: back?.id, rolloutState: 'COMPLETED' }]);
    expect(it.deployments()[0]).toMatchObject({ serviceDeploymentArn, status: 'ROLLBACK_SUCCESSFUL' });
  });

  test('goes back to a revision that was deregistered meanwhile: services go on with it', () => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    const { taskDefinitionArn: taskDefinition } = it.seeded;
    it.deploy('bad', NEVER);
    it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition });
    it.until('rolled back', () => it.deployments()[0]?.status === 'ROLLBACK_SUCCESSFUL');
    expect(it.service()).toMatchObject({ taskDefinition, runningCount: 2 });
    const update = { cluster: 'shop', service: 'web', taskDefinition };
    expect(it.refusal('ecs', 'UpdateService', update).message).toBe('TaskDefinition is inactive');
  });

  test('can be superseded in the middle of the way back: that ends STOPPED, in both views', () => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    it.deploy('bad', NEVER);
    it.until('going back', () => it.deployments()[0]?.status === 'ROLLBACK_IN_PROGRESS');
    const good = it.deploy('good');
    expect(it.deployments().map(({ status }) => status)).toEqual(['PENDING', 'STOP_REQUESTED', 'SUCCESSFUL']);
    it.until('completed', it.stable);
    expect(it.deployments().map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
    expect(it.service()).toMatchObject({ taskDefinition: good, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('stalls when nothing ever completed: it launches nothing and stays IN_PROGRESS', () => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    it.world.tweak('shop', 'web', { stallBreaker: true });
    it.deploy('bad', NEVER);
    it.clock.advance(3_600_000);
    expect(it.service().deployments?.[0]).toMatchObject({
      rolloutState: 'IN_PROGRESS',
      failedTasks: 4,
      pendingCount: 0,
    });
    const { events } = it.view();
    it.clock.advance(3_600_000);
    expect(it.view().events).toEqual(events);
    expect(it.deployments()[0]).toMatchObject({
      status: 'IN_PROGRESS',
      deploymentCircuitBreaker: { status: 'TRIGGERED' },
    });
    it.deploy('3');
    it.until('completed by a new update', it.stable);
  });

  test('stalls when the rollback fails too', () => {
    const it = rehearsed({ circuitBreaker: BREAKER });
    it.deploy('bad', { does: 'fail to pull' });
    it.world.putImage({ repository: 'web', tag: '1', behaviour: { does: 'fail to pull' } });
    const [old] = it.tasks();
    const digest = old?.containers?.[0]?.imageDigest ?? '';
    it.world.putImage({ repository: 'web', tag: '1', digest, behaviour: { does: 'fail to pull' } });
    it.clock.advance(3_600_000);
    expect(it.service().deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 0 });
    expect(it.deployments()[0]?.status).toBe('ROLLBACK_IN_PROGRESS');
    expect(it.tasks()).toHaveLength(2);
  });
});

describe('a rollout that fails', () => {
  test('without rollback is FAILED and stopped, and the old tasks serve on', () => {
    const it = rehearsed({ circuitBreaker: { enable: true, rollback: false } });
    const bad = it.deploy('bad', NEVER);
    it.until('failed', () => it.service().deployments?.[0]?.rolloutState === 'FAILED');
    expect(it.deployments()[0]?.status).toBe('STOP_REQUESTED');
    it.world.tweak('shop', 'web', { deploymentConfiguration: { minimumHealthyPercent: 0 } });
    it.clock.advance(3_600_000);
    expect(it.deployments()[0]?.status).toBe('STOPPED');
    expect(it.service().taskDefinition).toBe(bad);
    expect(it.tasks().map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual(
      Array(2).fill(it.seeded.taskDefinitionArn),
    );
  });

  test('without the circuit breaker goes on trying', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('bad', NEVER);
    it.clock.advance(900_000);
    expect(it.service().deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    expect(it.service().deployments?.[0]?.failedTasks).toBeGreaterThan(10);
  });

  test('starts its tasks ever more slowly when none of them comes up', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('bad', { does: 'fail to pull' });
    it.clock.advance(3_600_000);
    const first = it.service().deployments?.[0]?.failedTasks ?? 0;
    it.clock.advance(3_600_000);
    expect(first).toBeGreaterThan(12);
    expect((it.service().deployments?.[0]?.failedTasks ?? 0) - first).toBeLessThan(4);
    expect(it.view().events.join('\n')).toContain('(service web) is unable to consistently start tasks successfully.');
  });

  test('goes by the threshold that its service sets, and counts on if it says so', () => {
    const thresholdConfiguration = { type: 'COUNT', value: 6 } as const;
    const it = rehearsed({ desiredCount: 1, circuitBreaker: { ...BREAKER, thresholdConfiguration } });
    it.deploy('bad', { does: 'exit', code: 1, after: 1 });
    it.until('rolled back', () => it.service().taskDefinition === it.seeded.taskDefinitionArn);
    expect(it.deployments()[0]?.deploymentCircuitBreaker).toMatchObject({ failureCount: 6, threshold: 6 });
    const flaky = (resetOnHealthyTask: boolean): ReturnType<typeof rehearsed> =>
      rehearsed({ desiredCount: 1, circuitBreaker: { ...BREAKER, resetOnHealthyTask } });
    for (const [reset, failedTasks] of [
      [true, 0],
      [false, 2],
    ] as const) {
      const other = flaky(reset);
      other.deploy('flaky', { does: 'exit', code: 1, after: 2 });
      other.until('two failures', () => other.service().deployments?.[0]?.failedTasks === 2);
      const digest = digestOfFlaky(other);
      other.world.putImage({
        repository: 'web',
        tag: 'flaky',
        digest,
        behaviour: { does: 'become healthy', after: 2 },
      });
      other.until('completed', other.stable);
      expect(other.service().deployments?.[0]?.failedTasks).toBe(failedTasks);
    }
  });

  test('begins to count anew when a task becomes healthy', () => {
    const it = rehearsed({ desiredCount: 1, circuitBreaker: BREAKER });
    it.deploy('flaky', { does: 'exit', code: 1, after: 2 });
    it.until('two failures', () => it.service().deployments?.[0]?.failedTasks === 2);
    it.world.putImage({
      repository: 'web',
      tag: 'flaky',
      digest: digestOfFlaky(it),
      behaviour: { does: 'become healthy', after: 2 },
    });
    it.until('completed', it.stable);
    expect(it.service().deployments?.[0]).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 0 });
    expect(it.deployments()[0]).toMatchObject({
      status: 'SUCCESSFUL',
      deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE', failureCount: 0 },
    });
  });
});

const digestOfFlaky = ({ call }: ReturnType<typeof rehearsed>): string => {
  const { imageDetails } = call('ecr', 'DescribeImages', { repositoryName: 'web', imageIds: [{ imageTag: 'flaky' }] });
  return (imageDetails as { imageDigest: string }[])[0]?.imageDigest ?? '';
};
