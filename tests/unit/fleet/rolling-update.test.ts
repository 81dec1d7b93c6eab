import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const healthyTargets = ({ call, seeded }: Rehearsed): number => {
  const { TargetHealthDescriptions: all } = call('elbv2', 'DescribeTargetHealth', {
    TargetGroupArn: seeded.targetGroupArn,
  });
  return (all as { TargetHealth: { State: string } }[]).filter(({ TargetHealth }) => TargetHealth.State === 'healthy')
    .length;
};

const live = ({ tasks }: Rehearsed): number => tasks('RUNNING').length;

describe('a service that was put in', () => {
  test('runs with healthy targets and a completed rollout from the start', () => {
    const it = rehearsed();
    const { deployments = [], ...service } = it.service();
    expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 2, pendingCount: 0 });
    expect(deployments).toHaveLength(1);
    expect(deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 });
    expect(deployments[0]?.id).toMatch(/^ecs-svc\/\d{19}$/);
    expect(healthyTargets(it)).toBe(2);
    expect(it.deployments()).toMatchObject([{ status: 'SUCCESSFUL' }]);
  });
});

describe('a rolling update', () => {
  test('completes in 60 to 120 s and never has less than the minimum healthy, nor more than the maximum', () => {
    for (const seed of [1, 2, 3]) {
      const it = rehearsed({}, seed);
      const revision = it.deploy('2');
      let fewest = Infinity;
      let most = 0;
      const seconds = it.until('completed', it.stable, () => {
        fewest = Math.min(fewest, healthyTargets(it));
        most = Math.max(most, live(it));
      });
      expect(seconds).toBeGreaterThan(50);
      expect(seconds).toBeLessThan(120);
      expect([fewest, most]).toEqual([2, 4]);
      expect(it.service().taskDefinition).toBe(revision);
    }
  });

  test('is told in both views, with ECS wordings', () => {
    const it = rehearsed();
    const [before] = it.service().deployments ?? [];
    it.deploy('2');
    const [primary, active] = it.service().deployments ?? [];
    expect(primary).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment ${primary?.id ?? ''} in progress.`,
    });
    expect(active).toMatchObject({ id: before?.id, status: 'ACTIVE', rolloutState: 'COMPLETED' });
    expect(it.deployments()[0]?.status).toBe('PENDING');
    it.clock.advance(5000);
    expect(it.deployments()[0]).toMatchObject({
      status: 'IN_PROGRESS',
      targetServiceRevision: { requestedTaskCount: 2, pendingTaskCount: 2 },
    });
    expect(it.service().currentServiceDeployment).toBe(it.deployments()[0]?.serviceDeploymentArn);
    it.until('completed', it.stable);
    expect(it.service().deployments?.[0]).toMatchObject({
      id: primary?.id,
      rolloutStateReason: `ECS deployment ${primary?.id ?? ''} completed.`,
    });
    expect(it.deployments()[0]).toMatchObject({ status: 'SUCCESSFUL', targetServiceRevision: { runningTaskCount: 2 } });
    expect(it.service().currentServiceRevisions).toHaveLength(1);
  });

  test('writes the events of ECS, newest first, at most 100', () => {
    const it = rehearsed();
    it.deploy('2');
    it.until('completed', it.stable);
    const events = it.view().events;
    expect(events[0]).toBe('(service web) has reached a steady state.');
    expect(events[1]).toMatch(/^\(service web\) \(deployment ecs-svc\/\d{19}\) deployment completed\.$/);
    const all = events.join('\n');
    expect(all).toMatch(/\(service web\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\./);
    expect(all).toContain(`(service web) registered 1 targets in (target-group ${it.seeded.targetGroupArn})`);
    expect(all).toContain(`(service web) deregistered 1 targets in (target-group ${it.seeded.targetGroupArn})`);
    expect(all).toMatch(/\(service web, taskSet ecs-svc\/\d{19}\) has begun draining connections on 1 tasks\./);
    expect(all).toMatch(/\(service web\) has stopped \d running tasks: /);
    for (let tag = 3; tag < 16; tag += 1) {
      it.deploy(String(tag));
      it.until('completed', it.stable);
    }
    expect(it.service().events).toHaveLength(100);
  });

  test('takes each task through its states; a task is told to stop only after its target has drained', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('2');
    const seen: Record<string, string[]> = {};
    it.until('completed', it.stable, () => {
      for (const { taskArn, status, health } of it.view().tasks) {
        const states = (seen[taskArn] ??= []);
        const state = health === 'draining' ? `${status} draining` : status;
        if (states.at(-1) !== state) states.push(state);
      }
    });
    expect(Object.values(seen)).toEqual([
      ['RUNNING', 'DEACTIVATING draining', 'STOPPING', 'STOPPED'],
      ['PROVISIONING', 'PENDING', 'RUNNING'],
    ]);
    const [stopped] = it.tasks('STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      containers: [{ exitCode: 0, lastStatus: 'STOPPED' }],
    });
    expect(stopped?.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/);
    const drained = (stopped?.executionStoppedAt?.getTime() ?? 0) - (stopped?.stoppingAt?.getTime() ?? 0);
    expect(drained).toBeGreaterThanOrEqual(30_000);
  });

  test('with an image that is slow to drain waits for its tasks to end, and kills them at the stop timeout', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('slow', { does: 'drain slowly', healthyAfter: 2, drain: 20 });
    it.until('completed', it.stable);
    it.deploy('slower', { does: 'drain slowly', healthyAfter: 2, drain: 300 });
    it.until('completed', it.stable);
    expect(it.tasks('STOPPED').at(-1)?.containers?.[0]?.exitCode).toBe(0);
    it.deploy('3');
    expect(it.until('completed', it.stable)).toBeLessThan(130);
    expect(it.tasks('STOPPED').at(-1)?.containers?.[0]?.exitCode).toBe(137);
  });
});

describe('the percentages', () => {
  test('round the minimum up and the maximum down', () => {
    const it = rehearsed({ desiredCount: 3, minimumHealthyPercent: 50, maximumPercent: 150 });
    it.deploy('2');
    let fewest = Infinity;
    let most = 0;
    it.until('completed', it.stable, () => {
      fewest = Math.min(fewest, healthyTargets(it));
      most = Math.max(most, live(it));
    });
    expect([fewest, most]).toEqual([2, 4]);
  });

  test('stop first where they leave no room to start first', () => {
    const it = rehearsed({ minimumHealthyPercent: 50, maximumPercent: 100 });
    it.deploy('2');
    let most = 0;
    it.until('completed', it.stable, () => {
      most = Math.max(most, live(it));
    });
    expect(most).toBe(2);
  });

  test('stall the rollout, with one event, when nothing may be started or stopped, until they are changed', () => {
    const it = rehearsed({ desiredCount: 1, minimumHealthyPercent: 100, maximumPercent: 150 });
    it.deploy('2');
    it.clock.advance(3_000_000);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', desiredCount: 1 });
    it.clock.advance(600_000);
    expect(it.service().deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 0 });
    const stalls = it.view().events.filter((event) => event.includes('was unable to stop or start tasks'));
    expect(stalls).toEqual([
      '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ]);
    it.call('ecs', 'UpdateService', {
      cluster: 'shop',
      service: 'web',
      deploymentConfiguration: { maximumPercent: 200 },
    });
    it.until('completed', it.stable);
  });
});
