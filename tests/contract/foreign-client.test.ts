import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scaledClock } from '../../local/clock.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import type { World } from '../../local/fleet/world/world.ts';
import { createWorld } from '../../local/fleet/world/world.ts';
import { seedNames } from '../../local/seed-names.ts';
import { ensureVenv, type Venv } from '../../local/venv.ts';

const { cluster, service, family, container, repository } = seedNames;
const region = 'us-gov-west-1';
const account = '123456789012';
const clock = scaledClock(200);
const image = `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:one`;

let venv: Venv;
let fleet: Fleet;

let world: World;

beforeAll(async () => {
  venv = await ensureVenv();
  world = createWorld({ clock, region, account, seed: 1 });
  fleet = await startFleet({ world, clock, models: join(venv.sitePackages, 'botocore', 'data'), seed: 1 });
  world.putService({ cluster, service, family, containers: [{ name: container, image }], desiredCount: 2 });
}, 120_000);

afterAll(async () => {
  await fleet.close();
});

const runClient = async (program: string, ...args: string[]): Promise<unknown> => {
  const env = {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_ECS: fleet.url,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: fleet.url,
    AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: fleet.url,
  };
  const { stdout } = await promisify(execFile)(venv.python, [join(import.meta.dirname, program), ...args], { env });
  return JSON.parse(stdout);
};

test("AWS's Python client deploys a copy of the live revision and waits until all is well", async () => {
  const before = expect.stringMatching(/:task-definition\/govcloud-ml-platform-ml-workload:1$/) as string;
  const after = expect.stringMatching(/:task-definition\/govcloud-ml-platform-ml-workload:2$/) as string;
  expect(await runClient('foreign_client.py', cluster, service)).toEqual({
    before,
    registered: after,
    after,
    running: 2,
    rollouts: [[after, 'COMPLETED']],
    health: ['healthy', 'healthy'],
  });
  expect(fleet.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(fleet.defects).toEqual([]);
}, 60_000);

test("AWS's Python client swaps two colours: waits for green, shifts the weights, carries the scaling over", async () => {
  const seed = { cluster, family: 'colours', containers: [{ name: container, image }] };
  const scaling = { min: 1, max: 4, policies: [{ name: 'busy', tracks: 'requests' as const }] };
  world.putService({ ...seed, service: 'blue', desiredCount: 2, weight: 100, testListener: true, scaling });
  world.putService({ ...seed, service: 'green', desiredCount: 2, colourOf: 'blue' });
  const [blue, green] = ['blue', 'green'].map((name) => `service/${cluster}/${name}`) as [string, string];
  const [before, after] = [{ [blue]: [1, 4, false] }, { [blue]: [1, 4, false], [green]: [2, 4, true] }];
  expect(await runClient('foreign_swap.py', cluster, 'blue', 'green')).toEqual({
    ports: [80, 9000],
    rules: ['10', '20', 'default', '10', 'default'],
    weights: [
      [100, 0],
      [0, 100],
    ],
    readBack: true,
    closed: '410',
    targets: [before, after],
    policies: ['busy'],
  });
  expect(fleet.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  expect(fleet.defects).toEqual([]);
}, 60_000);
