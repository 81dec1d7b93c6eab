import { cloneWithImage } from '../../lib/domain/revision.ts';
import type { End } from '../../lib/domain/deployment.ts';
import type { FailureName } from '../../lib/domain/failure.ts';
import { registry } from '../support/samples.ts';
import { startSwapWorld, type SwapWorld, type SwapWorldOptions } from '../support/swap-world.ts';
import type { Run } from '../support/workflow-machine.ts';
import { healthy, repository } from '../support/workflow-world.ts';

/** Swaps of colours into which green, or somebody else, brings trouble. */

let world: SwapWorld;

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  expect(world.journal.locks.get('prod/web')).not.toHaveProperty('holder');
  await world.close();
});

const begin = async (options: SwapWorldOptions = { scaled: true }): Promise<SwapWorld> => {
  world = await startSwapWorld(options);
  return world;
};

type Ended = Run & { execution: string };

const recordOf = ({ execution }: Ended) => world.journal.records.get(execution);

const expectFailed = (run: Ended, name: FailureName, undo: End['undo']): void => {
  const end = recordOf(run)?.end;
  expect([run.error, end?.failure, end?.undo]).toEqual([name, name, undo]);
};

const before = 'before has all traffic with 2/2, scaled; the other 0/0, never scaled; test rule closed';

const ecs = (operation: string, input: object): Record<string, unknown> =>
  world.world.operations.ecs[operation]?.({ cluster: 'prod', ...input }) ?? {};

/** One of green's tasks ends by itself. */
const crash = (): void => {
  world.world.tweak('prod', 'web-green', { exit: 1 });
};

const tasksOf = (desiredStatus: 'RUNNING' | 'STOPPED'): { lastStatus: string; stopCode?: string }[] => {
  const { taskArns: tasks } = ecs('ListTasks', { serviceName: 'web-green', desiredStatus }) as { taskArns: string[] };
  if (tasks.length === 0) return [];
  return (ecs('DescribeTasks', { tasks }) as { tasks: { lastStatus: string; stopCode?: string }[] }).tasks;
};

/** A person's rollout of a healthy image of their own; tells its revision. */
const deployByHand = (service: string): string => {
  const { digest } = world.world.putImage({ repository, tag: 'theirs', behaviour: healthy });
  const described = ecs('DescribeTaskDefinition', { taskDefinition: world.service.taskDefinitionArn });
  const definition = described['taskDefinition'] as Record<string, unknown>;
  const source = { arn: '', family: 'web', number: 1, active: true, definition, tags: [] };
  const image = `${registry}/${repository}@${digest}`;
  const clone = cloneWithImage(source, { containers: ['app'], image, deployment: 'none' });
  const made = world.world.operations.ecs['RegisterTaskDefinition']?.(clone.definition);
  const { taskDefinitionArn } = (made as { taskDefinition: { taskDefinitionArn: string } }).taskDefinition;
  ecs('UpdateService', { service, taskDefinition: taskDefinitionArn, desiredCount: 2 });
  return taskDefinitionArn;
};

/** Of whom the users' failed requests were: while green had traffic, and afterwards. */
const failuresAfter = (act: () => void): number => {
  const { failed } = world.traffic;
  act();
  return world.traffic.failed - failed;
};

describe('green', () => {
  test('exits at its start: no user sees it, and its exit code is told', async () => {
    await begin();
    const run = await world.run(await world.release({ does: 'exit', code: 3, after: 2 }));
    expectFailed(run, 'GreenUnhealthy', 'undone');
    expect(run.cause).toContain('exited with code 3');
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
    expect(world.traffic.failed).toBe(0);
  });

  test('turns bad while it bakes: all users go back in one step', async () => {
    await begin();
    const run = await world.run(
      await world.release({ does: 'become healthy, then crash', after: 5, crashAfter: 230, code: 1 }),
    );
    expectFailed(run, 'ColourUnwell', 'undone');
    expect(recordOf(run)?.shifting).toMatchObject({ step: 1 });
    expect(
      world.fleet.calls.filter(({ operation, caller }) => operation === 'ModifyRule' && caller === 'undo'),
    ).toHaveLength(1);
    expect(
      failuresAfter(() => {
        world.rest();
      }),
    ).toBe(0);
    expect(world.standing(run.execution)).toBe(before);
  });

  test('loses one task after the other, each replaced at once: enough are healthy at each look, and users go back', async () => {
    await begin();
    world.atWeight(10, crash, 10);
    world.atWeight(10, crash, 70);
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'ColourUnwell', 'undone');
    expect(run.cause).toMatch(/web-green: 2 tasks failed by themselves: .*container app exited with code 1;/);
    expect(run.cause).not.toContain('healthy targets');
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
  });

  test('loses one task while users see it, which is replaced, and others before: that is borne', async () => {
    await begin();
    let early = 0;
    world.eachSecond(() => {
      if (early === 2 || !tasksOf('RUNNING').some(({ lastStatus }) => lastStatus === 'RUNNING')) return;
      early += 1;
      crash();
    });
    world.atWeight(10, crash, 10);
    const run = await world.run(await world.release(healthy));
    expect(recordOf(run)?.end).toMatchObject({ outcome: 'deployed' });
    const crashed = tasksOf('STOPPED').filter(({ stopCode }) => stopCode === 'EssentialContainerExited');
    expect([early, crashed.length]).toEqual([2, 3]);
  });

  test('says no only after its test rule leads to it, through a listener rule that is put back', async () => {
    await begin({ scaled: true, tested: true });
    const run = await world.run(await world.release(healthy), { target: world.swapTarget() });
    expect(recordOf(run)?.end).toMatchObject({ outcome: 'deployed' });
    world.test?.answers({ status: 200, text: 'users come here' });
    const next = await world.run(await world.release({ does: 'become healthy', after: 7 }));
    expectFailed(next, 'TestFailed', 'undone');
    expect(next.cause).toContain('lacks the expected text');
    world.rest();
    expect(world.standing(next.execution)).toContain('test rule closed');
    expect(world.sizes()).toEqual([0, 2]);
    expect(world.traffic.failed).toBe(0);
  });
});

describe('somebody else', () => {
  test('deletes green before it has users', async () => {
    await begin();
    const cause = await world.release(healthy);
    world.eachSecond((second) => {
      if (second === 20) ecs('DeleteService', { service: 'web-green', force: true });
    });
    const run = await world.run(cause);
    expectFailed(run, 'ServiceTampered', 'undone');
    world.rest();
    expect([world.sizes(), world.weights()]).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(world.traffic.failed).toBe(0);
  });

  test('deletes green while it has users: they go back, and it stays deleted', async () => {
    await begin();
    world.atWeight(10, () => ecs('DeleteService', { service: 'web-green', force: true }));
    const run = await world.run(await world.release(healthy));
    // No more than went to green until the next look.
    expect(world.traffic.failed).toBeLessThan(15);
    expectFailed(run, 'ServiceTampered', 'undone');
    expect(
      failuresAfter(() => {
        world.rest();
      }),
    ).toBe(0);
    expect([world.sizes(), world.weights()]).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });

  test.each(['web', 'web-green'])('scales %s by hand, where nothing else scales it', async (service) => {
    await begin({});
    world.atWeight(10, () => ecs('UpdateService', { service, desiredCount: 4 }));
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'ServiceTampered', service === 'web' ? 'undone' : 'left alone');
    world.rest();
    expect([world.sizes(), world.weights()]).toEqual([service === 'web' ? [4, 0] : [2, 4], [1, 0]]);
    expect(world.traffic.failed).toBe(0);
  });

  test.each([
    ['web', 'ServiceTampered', 'undone', [2, 0]],
    ['web-green', 'RolloutReplaced', 'left alone', [2, 2]],
  ] as const)('deploys on %s by hand: theirs is left as it is', async (service, name, undo, sizes) => {
    await begin();
    let theirs = '';
    world.atWeight(10, () => {
      theirs = deployByHand(service);
    });
    const run = await world.run(await world.release(healthy));
    expectFailed(run, name, undo);
    world.rest();
    expect([world.sizes(), world.weights()]).toEqual([sizes, [1, 0]]);
    expect(world.world.serviceView('prod', service).rollouts[0]).toMatchObject({
      taskDefinitionArn: theirs,
      rolloutState: 'COMPLETED',
    });
    expect(world.traffic.failed).toBe(0);
  });

  test('deploys on live while green starts: nothing is shifted', async () => {
    await begin();
    const cause = await world.release(healthy);
    world.eachSecond((second) => {
      if (second === 20) deployByHand('web');
    });
    const run = await world.run(cause);
    expectFailed(run, 'ServiceTampered', 'undone');
    expect(recordOf(run)?.shifting).toBeUndefined();
    world.rest();
    expect([world.sizes(), world.weights()]).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(world.traffic.failed).toBe(0);
  });

  test('sends all users to green by hand: that stays, and green is not shrunk', async () => {
    await begin();
    world.atWeight(10, () => {
      world.divide(0, 1);
    });
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'TrafficTampered', 'left alone');
    world.rest();
    expect([world.sizes(), world.weights()]).toEqual([
      [2, 2],
      [0, 1],
    ]);
    expect(world.traffic.failed).toBe(0);
  });
});

test('an old colour that may not be retired is told to whoever listens', async () => {
  await begin();
  const fault = { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } as const;
  await world.control.addFault({ operation: 'UpdateService', caller: 'retire', times: 100, fault });
  const run = await world.run(await world.release(healthy));
  expect(run.status).toBe('succeeded');
  expect(world.announcements.ends()).toEqual([
    expect.objectContaining({ outcome: 'deployed', warning: 'RetireIncomplete' }),
  ]);
});
