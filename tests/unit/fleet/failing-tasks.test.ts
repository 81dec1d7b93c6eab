import { HOST, rehearsed } from './rehearsed-world.ts';

describe('a task says why it stopped', () => {
  test('when its image is not in the registry', () => {
    const it = rehearsed();
    const taskDefinition = it.register(`${HOST}/web:nobody-pushed-this`);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
    it.until('stopped', () => it.tasks('STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'));
    const [task] = it.tasks('STOPPED');
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', desiredStatus: 'STOPPED' });
    expect(task?.stoppedReason).toMatch(/^CannotPullContainerError: .*web:nobody-pushed-this: not found$/);
    expect(task?.containers?.[0]).toMatchObject({ lastStatus: 'STOPPED', reason: task?.stoppedReason });
    expect(task?.containers?.[0]?.exitCode).toBeUndefined();
    expect(task?.startedBy).toBe(it.service().deployments?.[0]?.id);
  });

  test('when its image is of another registry, or cannot be pulled', () => {
    const it = rehearsed();
    for (const image of ['docker.io/library/nginx:1', `${HOST}/web:locked`]) {
      it.world.putImage({ repository: 'web', tag: 'locked', behaviour: { does: 'fail to pull' } });
      it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: it.register(image) });
      it.until('stopped', () => it.tasks('STOPPED').some(({ containers }) => containers?.[0]?.image === image));
      expect(it.tasks('STOPPED').at(-1)?.stoppedReason).toMatch(/^CannotPullContainerError: /);
    }
  });

  test('when something else keeps it from starting, such as a secret that is not there', () => {
    const it = rehearsed();
    const reason = 'ResourceInitializationError: unable to pull secrets or registry auth: secret not found';
    it.deploy('bad', { does: 'fail to start', reason });
    it.until('stopped', () => it.tasks('STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'));
    const [task] = it.tasks('STOPPED');
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason });
    expect(task?.startedAt).toBeUndefined();
    expect(it.service().deployments?.[0]?.failedTasks).toBeGreaterThan(0);
  });

  test('when its container exits', () => {
    const it = rehearsed();
    it.deploy('bad', { does: 'exit', code: 78, after: 3 });
    it.until('stopped', () => it.tasks('STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'));
    expect(it.tasks('STOPPED')[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 78 }],
    });
  });

  test('when it fails the health checks of its target group', () => {
    const it = rehearsed();
    it.deploy('bad', { does: 'never become healthy' });
    it.until('stopped', () => it.tasks('STOPPED').some(({ lastStatus }) => lastStatus === 'STOPPED'));
    const [task] = it.tasks('STOPPED');
    expect(task).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${it.seeded.targetGroupArn})`,
    });
    const id = task?.taskArn?.split('/').at(-1) ?? '';
    expect(it.view().events).toContain(
      `(service web) (task ${id}) (port 8080) is unhealthy in (target-group ${it.seeded.targetGroupArn}) due to (reason Health checks failed).`,
    );
  });

  test('when it fails the health check of its container', () => {
    const it = rehearsed();
    const healthCheck = { command: ['CMD', 'true'], interval: 5, retries: 2 };
    it.world.putImage({ repository: 'web', tag: 'late', behaviour: { does: 'become healthy', after: 60 } });
    const containerDefinitions = [{ name: 'app', image: `${HOST}/web:late`, healthCheck }];
    const taskDefinition = it.register('', { containerDefinitions });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
    it.until('unhealthy', () => it.tasks().some(({ healthStatus }) => healthStatus === 'UNHEALTHY'));
    it.until('stopped', () => it.tasks('STOPPED').length > 0);
    expect(it.tasks('STOPPED')[0]?.stoppedReason).toBe('Task failed container health checks');
  });

  test('for an hour', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.deploy('2');
    it.until('completed', it.stable);
    const [task] = it.tasks('STOPPED');
    expect(task).toBeDefined();
    it.clock.advance(3590_000);
    expect(it.tasks('STOPPED')).toHaveLength(1);
    it.clock.advance(20_000);
    expect(it.tasks('STOPPED')).toEqual([]);
    const answer = it.call('ecs', 'DescribeTasks', { cluster: 'shop', tasks: [task?.taskArn] });
    expect(answer).toEqual({ tasks: [], failures: [{ arn: task?.taskArn, reason: 'MISSING' }] });
  });
});

describe('the grace period', () => {
  test('lets a slow image come up that would be killed without it', () => {
    const slow = { does: 'become healthy', after: 60 } as const;
    const it = rehearsed();
    it.deploy('slow', slow);
    it.until('a task is killed', () => it.tasks('STOPPED').length > 0);
    const other = rehearsed();
    other.world.tweak('shop', 'web', { healthCheckGracePeriodSeconds: 120 });
    other.deploy('slow', slow);
    other.until('completed', other.stable);
    expect(other.tasks('STOPPED').every(({ stoppedReason = '' }) => stoppedReason.startsWith('Scaling'))).toBe(true);
  });
});

describe('a task that is lost', () => {
  test('is replaced in a steady service, and its rollout stays COMPLETED', () => {
    const it = rehearsed();
    it.deploy('crashes', { does: 'become healthy, then crash', after: 3, crashAfter: 200, code: 9 });
    it.until('completed', it.stable);
    it.until('crashed', () => (it.service().runningCount ?? 0) < 2);
    it.until('replaced', it.stable);
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    expect(it.tasks('STOPPED').some(({ stopCode }) => stopCode === 'EssentialContainerExited')).toBe(true);
  });

  test('of the old revision is replaced on the old revision while a new one does not come up', () => {
    const it = rehearsed({ desiredCount: 2 });
    const old = it.deploy('crashes', { does: 'become healthy, then crash', after: 3, crashAfter: 150, code: 9 });
    it.until('completed', it.stable);
    it.deploy('bad', { does: 'never become healthy' });
    const firstTasks = it.tasks().filter(({ taskDefinitionArn }) => taskDefinitionArn === old);
    it.until('replaced', () =>
      it
        .tasks()
        .some(
          (task) =>
            task.taskDefinitionArn === old &&
            task.healthStatus !== 'UNHEALTHY' &&
            task.lastStatus === 'RUNNING' &&
            !firstTasks.some(({ taskArn }) => taskArn === task.taskArn),
        ),
    );
  });
});

describe('a service without a load balancer', () => {
  test('counts its tasks 40 s after they run', () => {
    const it = rehearsed();
    it.call('ecs', 'CreateService', { cluster: 'shop', serviceName: 'worker', taskDefinition: 'web', desiredCount: 1 });
    const rollout = (): string | undefined => it.world.serviceView('shop', 'worker').rollouts[0]?.rolloutState;
    const running = (): number => it.world.serviceView('shop', 'worker').running;
    it.until('running', () => running() === 1);
    it.clock.advance(35_000);
    expect(rollout()).toBe('IN_PROGRESS');
    it.clock.advance(10_000);
    expect(rollout()).toBe('COMPLETED');
  });
});

describe('a sidecar', () => {
  test('that is not essential may exit; one that is takes its task with it', () => {
    const it = rehearsed({ desiredCount: 1 });
    it.world.putImage({ repository: 'sidecar', tag: '1', behaviour: { does: 'exit', code: 0, after: 4 } });
    const sidecar = (essential: boolean): string =>
      it.register('', {
        containerDefinitions: [
          { name: 'app', image: `${HOST}/web:1` },
          { name: 'sidecar', image: `${HOST}/sidecar:1`, essential },
        ],
      });
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: sidecar(false) });
    it.until('completed', it.stable);
    expect(it.tasks()[0]?.containers).toMatchObject([
      { lastStatus: 'RUNNING' },
      { lastStatus: 'STOPPED', exitCode: 0 },
    ]);
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition: sidecar(true) });
    it.until('a task ends', () => it.tasks('STOPPED').some(({ stopCode }) => stopCode === 'EssentialContainerExited'));
  });
});
