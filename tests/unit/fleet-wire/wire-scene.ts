import { join } from 'node:path';
import type { Service } from '@aws-sdk/client-ecs';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { VirtualClock } from '../../../local/clock.ts';
import { virtualClock } from '../../../local/clock.ts';
import type { FleetControl } from '../../../local/fleet/control.ts';
import { fleetControl } from '../../../local/fleet/control.ts';
import type { ServiceSeed, WorldDefaults } from '../../../local/fleet/seeds.ts';
import type { Fleet } from '../../../local/fleet/server.ts';
import { startFleet } from '../../../local/fleet/server.ts';
import type { WorldOptions } from '../../../local/fleet/world/world.ts';
import { createWorld } from '../../../local/fleet/world/world.ts';
import { ensureVenv } from '../../../local/venv.ts';

export const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
export const web = { cluster: 'main', service: 'web' };
export const webSeed: ServiceSeed = {
  ...web,
  family: 'web',
  containers: [{ name: 'web', image: `${host}/web:v1` }],
  desiredCount: 2,
  circuitBreaker: { enable: true, rollback: true },
};

/** The real world behind the real wire, on a virtual clock, and AWS's SDK in front of it. */
export interface WireScene {
  clock: VirtualClock;
  fleet: Fleet;
  control: FleetControl;
  /** calls as `deployer` */
  ecs: ECSClient;
  described: (service?: string) => Promise<Service | undefined>;
  update: (change: object) => Promise<Service | undefined>;
  minutes: (count: number) => void;
}

const opened: WireScene[] = [];

export const openScene = async (defaults: WorldDefaults & Pick<WorldOptions, 'realTime'> = {}): Promise<WireScene> => {
  const models = join((await ensureVenv()).sitePackages, 'botocore', 'data');
  const clock = virtualClock();
  const world = createWorld({ clock, region: 'eu-central-1', account: '123456789012', seed: 1, ...defaults });
  const fleet = await startFleet({ world, clock, models, seed: 1 });
  const ecs = new ECSClient({
    endpoint: fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
    userAgentAppId: 'deployer',
  });
  const scene: WireScene = {
    clock,
    fleet,
    control: fleetControl(fleet.url),
    ecs,
    ...callsOf(ecs),
    minutes: (count) => {
      for (let minute = 0; minute < count; minute += 1) clock.advance(60_000);
    },
  };
  opened.push(scene);
  return scene;
};

const callsOf = (ecs: ECSClient): Pick<WireScene, 'described' | 'update'> => ({
  described: async (service = 'web') => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: [service] }));
    return services?.[0];
  },
  update: async (change) => (await ecs.send(new UpdateServiceCommand({ ...web, ...change }))).service,
});

const closeScenes = async (): Promise<string[]> => {
  const scenes = opened.splice(0);
  for (const { ecs, fleet } of scenes) {
    ecs.destroy();
    await fleet.close();
  }
  return scenes.flatMap(({ fleet }) => fleet.defects);
};

/** To be called once in a file: closes what each test opened, and fails the test whose fleet answered wrongly. */
export const closeScenesAfterEach = (): void => {
  beforeAll(async () => {
    await ensureVenv();
  }, 120_000);

  afterEach(async () => {
    expect(await closeScenes()).toEqual([]);
  });
};
