import type { DeploymentRecord, End } from '../../lib/domain/deployment.ts';
import { liveBounds, startSwapWorld, type SwapWorld, type SwapWorldOptions } from '../support/swap-world.ts';
import { swapFailures } from '../support/swap-failures.ts';
import { healthy, unhealthy } from '../support/workflow-world.ts';
import type { Run } from '../support/workflow-machine.ts';

/** Every failure name that only a swap of colours has, reached once with the real verbs, adapters and definition. */

let world: SwapWorld;
const seen = new Set<string>();

const begin = async (options: SwapWorldOptions = { scaled: true }): Promise<SwapWorld> => {
  world = await startSwapWorld(options);
  return world;
};

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

type Ended = Run & { execution: string };

const journalled = ({ execution }: Ended): DeploymentRecord | undefined => world.journal.records.get(execution);

const before = 'before has all traffic with 2/2, scaled; the other 0/0, never scaled; test rule closed';

/** The run failed by this name, with this undone, no user noticed, and the service is free. */
const expectFailed = (run: Ended, name: string, undo?: End['undo']): void => {
  expect(run.error).toBe(name);
  seen.add(name);
  const end = journalled(run)?.end;
  expect([end?.outcome, end?.failure, end?.undo]).toEqual(['failed', name, undo]);
  expect(world.journal.locks.get('prod/web')).toMatchObject({ waiters: [] });
  expect(world.journal.locks.get('prod/web')).not.toHaveProperty('holder');
};

const writes = ['RegisterTaskDefinition', 'CreateService', 'UpdateService', 'ModifyRule', 'RegisterScalableTarget'];

/** Nothing was written but the record. */
const expectUntouched = (run: Ended): void => {
  const ours = world.fleet.calls.filter(({ operation }) => writes.includes(operation));
  expect(ours.map(({ operation }) => operation)).toEqual([]);
  expect(journalled(run)?.found).toBeUndefined();
  expect(world.traffic.failed).toBe(0);
};

const swap = async (image = healthy): Promise<Ended> => world.run(await world.release(image));

describe('before the first write', () => {
  const refused = async (name: string): Promise<void> => {
    const run = await swap();
    expectFailed(run, name);
    expectUntouched(run);
  };

  test('AmbiguousTraffic: both colours have traffic', async () => {
    await begin();
    world.divide(50, 50);
    await refused('AmbiguousTraffic');
    expect(world.weights()).toEqual([50, 50]);
  });

  test('ColoursMismatch: the target groups differ in their port', async () => {
    await begin({ idle: { containerPort: 9090 } });
    await refused('ColoursMismatch');
  });

  test('CannotCopy: the service to copy is in a service registry', async () => {
    await begin({ idle: 'missing' });
    const describe = world.world.operations.ecs['DescribeServices'];
    world.world.operations.ecs['DescribeServices'] = (input) => {
      const answer = describe?.(input) as { services: Record<string, unknown>[] };
      const serviceRegistries = [
        { registryArn: 'arn:aws-us-gov:servicediscovery:us-gov-west-1:123456789012:service/x' },
      ];
      return { ...answer, services: answer.services.map((service) => ({ ...service, serviceRegistries })) };
    };
    await refused('CannotCopy');
    expect(world.sizes()).toEqual([2, 0]);
  });

  test('ScalingMissing: the live service is scaled, the idle one is not', async () => {
    await begin({ live: { scaling: { min: 2, max: 6 } } });
    await refused('ScalingMissing');
  });

  test('AlarmNotReady: an alarm of the target is in ALARM already', async () => {
    await begin();
    world.aim({ alarms: ['errors'] });
    world.alarms.set('errors', { state: 'ALARM' });
    await refused('AlarmNotReady');
  });
});

describe('green is not good', () => {
  test('GreenUnhealthy: it never becomes healthy, and no user sees it', async () => {
    await begin();
    const run = await swap(unhealthy);
    expectFailed(run, 'GreenUnhealthy', 'undone');
    expect(run.cause).toMatch(/health checks/i);
    expect(journalled(run)?.shifting).toBeUndefined();
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
    expect(world.traffic.failed).toBe(0);
  });

  test('TestFailed: its test URL says no, and no user sees it', async () => {
    await begin({ scaled: true, tested: true });
    world.test?.answers({ status: 500, text: 'marker-of-the-application' });
    const run = await swap();
    expectFailed(run, 'TestFailed', 'undone');
    expect(run.cause).toContain('status 500 instead of 200');
    expect(run.cause).not.toContain('marker');
    expect(journalled(run)).toMatchObject({ testing: { before: { [world.groups[0]]: 100, [world.groups[1]]: 0 } } });
    expect(journalled(run)?.shifting).toBeUndefined();
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
    expect(world.traffic.failed).toBe(0);
  });

  test('ColourUnwell: it crashes under traffic, and users are back as soon as two of its tasks have', async () => {
    await begin();
    const run = await swap({ does: 'become healthy, then crash', after: 5, crashAfter: 100, code: 1 });
    expectFailed(run, 'ColourUnwell', 'undone');
    expect(run.cause).toContain('web-green: 2 tasks failed by themselves');
    expect(journalled(run)).toMatchObject({ shifting: { step: 0 }, undoing: { to: world.groups[0] } });
    const { failed } = world.traffic;
    expect(failed).toBeLessThan(0.1 * 5 * 60);
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
    expect(world.traffic.failed).toBe(failed);
  });

  test('AlarmRaised: an alarm goes off at the 10 % step', async () => {
    await begin();
    world.aim({ alarms: ['errors'] });
    world.alarms.set('errors');
    world.atWeight(10, () => {
      world.alarms.set('errors', { state: 'ALARM' });
    });
    const run = await swap();
    expectFailed(run, 'AlarmRaised', 'undone');
    expect(journalled(run)?.shifting).toMatchObject({ step: 0 });
    world.rest();
    expect(world.standing(run.execution)).toBe(before);
    expect(world.traffic.failed).toBe(0);
  });
});

describe('somebody else', () => {
  test('TrafficTampered: weights of their own stay, and green with its traffic', async () => {
    await begin();
    world.atWeight(10, () => {
      world.divide(70, 30);
    });
    const run = await swap();
    expectFailed(run, 'TrafficTampered', 'left alone');
    world.rest();
    expect(world.weights()).toEqual([70, 30]);
    expect(world.standing(run.execution)).toBe(
      'before has traffic 70/30 with 2/2, scaled; the other 2/2, scaled; test rule closed',
    );
    expect(world.traffic.failed).toBe(0);
  });

  test('ServiceTampered: a count of their own on live stays', async () => {
    await begin({});
    world.atWeight(10, () => {
      world.world.operations.ecs['UpdateService']?.({ cluster: 'prod', service: 'web', desiredCount: 3 });
    });
    const run = await swap();
    expectFailed(run, 'ServiceTampered', 'undone');
    world.rest();
    expect(world.sizes()).toEqual([3, 0]);
    expect(world.weights()).toEqual([1, 0]);
    expect(world.traffic.failed).toBe(0);
  });
});

// What RegisterScalableTarget was refused stays as during the swap; the next one knows what ops had set.
test.each(['UpdateService', 'RegisterScalableTarget'])(
  'RetireIncomplete: Retire is refused %s; it is deployed all the same, and the next swap puts all right',
  async (operation) => {
    await begin();
    const fault = { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } as const;
    await world.control.addFault({ operation, caller: 'retire', times: 100, fault });
    const run = await swap();
    expect(run.status).toBe('succeeded');
    expect(journalled(run)?.end).toMatchObject({ outcome: 'deployed', warning: 'RetireIncomplete' });
    seen.add('RetireIncomplete');
    expect(world.weights()).toEqual([0, 100]);
    expect(world.sizes()).toEqual([2, 2]);
    await world.control.clearFaults();
    const next = await world.run(await world.release({ does: 'become healthy', after: 7 }));
    expect(journalled(next)?.end).toMatchObject({ outcome: 'deployed' });
    world.rest();
    expect(world.standing(next.execution)).toBe(before.replace('before', 'ours'));
    const { min, max } = liveBounds;
    const awake = { scaleIn: false, scaleOut: false, scheduled: false };
    expect(journalled(next)?.found?.swap?.scaling.live).toEqual({ min, max, suspended: awake });
    expect(world.traffic.failed).toBe(0);
  },
);

test('every failure name of a swap was reached', async () => {
  await begin();
  expect(swapFailures.filter((name) => !seen.has(name))).toEqual([]);
});
