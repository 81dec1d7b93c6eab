import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { VirtualClock } from '../../local/clock.ts';
import { virtualClock } from '../../local/clock.ts';
import type { FleetControl } from '../../local/fleet/control.ts';
import { fleetControl } from '../../local/fleet/control.ts';
import type { FaultRule } from '../../local/fleet/seeds.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import { ensureVenv } from '../../local/venv.ts';
import type { StubWorld } from '../unit/fleet-wire/stub-world.ts';
import { stubWorld } from '../unit/fleet-wire/stub-world.ts';

let models: string;
let clock: VirtualClock;
/** told when something begins to wait on the clock */
let waits: (ms: number) => void;
let world: StubWorld;
let fleet: Fleet;
let control: FleetControl;

beforeAll(async () => {
  models = join((await ensureVenv()).sitePackages, 'botocore', 'data');
}, 120_000);

beforeEach(async () => {
  const time = virtualClock();
  waits = () => undefined;
  clock = {
    ...time,
    after: (ms, act) => {
      waits(ms);
      return time.after(ms, act);
    },
  };
  world = stubWorld();
  fleet = await startFleet({ world, clock, models, seed: 7 });
  control = fleetControl(fleet.url);
});

afterEach(async () => {
  await fleet.close();
});

const settings = (maxAttempts: number, userAgentAppId = 'apply') => ({
  endpoint: fleet.url,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  maxAttempts,
  userAgentAppId,
});

const update = (maxAttempts: number, caller?: string) =>
  new ECSClient(settings(maxAttempts, caller)).send(new UpdateServiceCommand({ cluster: 'main', service: 'web' }));

const outcomes = () =>
  fleet.calls.map(({ outcome, fault, error }) => [outcome, fault, error].filter(Boolean).join(' '));

describe('faults', () => {
  test('throttle: each service in its own words, and its work is not done', async () => {
    for (const operation of ['UpdateService', 'DescribeImages', 'DescribeRules']) {
      await control.addFault({ operation, fault: { kind: 'throttle' } });
    }
    await expect(update(1)).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    const images = new ECRClient(settings(1)).send(new DescribeImagesCommand({ repositoryName: 'web' }));
    await expect(images).rejects.toMatchObject({ name: 'ThrottlingException' });
    const rules = new ElasticLoadBalancingV2Client(settings(1)).send(new DescribeRulesCommand({}));
    await expect(rules).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
    expect(world.updates).toBe(0);
    expect(outcomes()).toEqual([
      'fault throttle ThrottlingException',
      'fault throttle ThrottlingException',
      'fault throttle Throttling',
    ]);
  });

  test('server error: 500, which the SDK tries again', async () => {
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'server error' } });
    await update(2);
    expect(outcomes()).toEqual(['fault server error ServerException', 'ok']);
  });

  test('refuse: the code that was asked for', async () => {
    const fault = { kind: 'refuse', code: 'UnsupportedFeatureException', message: 'not here' } as const;
    await control.addFault({ service: 'ecs', operation: 'UpdateService', fault });
    await expect(update(1)).rejects.toMatchObject({ name: 'UnsupportedFeatureException', message: 'not here' });
    expect(world.updates).toBe(0);
  });

  test('reset: the connection breaks before the work', async () => {
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'reset' } });
    await expect(update(1)).rejects.toThrow('ECONNRESET');
    expect(world.updates).toBe(0);
    expect(outcomes()).toEqual(['fault reset']);
  });

  test('answer lost: the work is done, the client does not learn it, and does it again', async () => {
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'answer lost' } });
    await expect(update(1)).rejects.toThrow('ECONNRESET');
    expect(world.updates).toBe(1);
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'answer lost' } });
    await update(2);
    expect(world.updates).toBe(3);
    expect(outcomes()).toEqual(['fault answer lost', 'fault answer lost', 'ok']);
  });

  test('stale read: the answer is as before the latest writes, and recorded as such', async () => {
    const read = async () => {
      const command = new DescribeServicesCommand({ services: ['web'] });
      const { services } = await new ECSClient(settings(1)).send(command);
      return services?.[0]?.status;
    };
    await control.addFault({ operation: 'DescribeServices', fault: { kind: 'stale read' } });
    await control.addFault({ operation: 'DescribeServices', times: 2, fault: { kind: 'stale read', writes: 3 } });
    expect([await read(), await read(), await read(), await read()]).toEqual([
      'before 1 writes',
      'before 3 writes',
      'before 3 writes',
      'ACTIVE',
    ]);
    expect(outcomes()).toEqual(['ok stale read', 'ok stale read', 'ok stale read', 'ok']);
    const write: FaultRule = { operation: 'UpdateService', fault: { kind: 'stale read' } };
    await expect(control.addFault(write)).rejects.toThrow('Only reads can be stale');
  });

  test('slow: the work waits for its time in the world, other calls do not', async () => {
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'slow', seconds: 30 } });
    const waiting = new Promise<number>((resolve) => (waits = resolve));
    const slow = update(1);
    expect(await waiting).toBe(30_000);
    const describe = new DescribeServicesCommand({ services: ['web'] });
    await new ECSClient(settings(1)).send(describe);
    clock.advance(29_999);
    await nextTurn();
    expect(world.updates).toBe(0);
    clock.advance(1);
    await slow;
    expect(world.updates).toBe(1);
    expect(fleet.calls).toMatchObject([
      { number: 1, operation: 'DescribeServices', at: '2026-01-01T00:00:00.000Z' },
      { number: 2, operation: 'UpdateService', at: '2026-01-01T00:00:30.000Z', outcome: 'ok', fault: 'slow' },
    ]);
  });

  test('a rule lets calls pass, hits its number of them, and only those of its caller', async () => {
    const rule: FaultRule = {
      operation: 'UpdateService',
      caller: 'apply',
      skip: 1,
      times: 2,
      fault: { kind: 'throttle' },
    };
    await control.addFault(rule);
    for (const caller of ['apply', 'other', 'apply', 'apply', 'apply']) await update(1, caller).catch(() => undefined);
    expect(fleet.calls.map(({ caller, outcome }) => `${caller} ${outcome}`)).toEqual([
      'apply ok',
      'other ok',
      'apply fault',
      'apply fault',
      'apply ok',
    ]);
  });

  test('a rule can be of one resource', async () => {
    const fault = { kind: 'throttle' } as const;
    await control.addFault({ operation: 'UpdateService', resource: 'arn of another', fault });
    await update(1);
    await control.addFault({ operation: 'UpdateService', resource: 'arn of ecs UpdateService', fault });
    await expect(update(1)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('faults can be cleared', async () => {
    await control.addFault({ operation: 'UpdateService', fault: { kind: 'reset' }, times: 100 });
    await control.clearFaults();
    await update(1);
    expect(world.updates).toBe(1);
  });
});
