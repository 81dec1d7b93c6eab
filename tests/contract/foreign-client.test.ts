import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scaledClock } from '../../local/clock.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import { createWorld } from '../../local/fleet/world/world.ts';
import { seedNames } from '../../local/seed-names.ts';
import { ensureVenv, type Venv } from '../../local/venv.ts';

const { cluster, service, family, container, repository } = seedNames;
const region = 'us-gov-west-1';
const account = '123456789012';
const clock = scaledClock(200);

let venv: Venv;
let fleet: Fleet;

beforeAll(async () => {
  venv = await ensureVenv();
  const world = createWorld({ clock, region, account, seed: 1 });
  fleet = await startFleet({ world, clock, models: join(venv.sitePackages, 'botocore', 'data'), seed: 1 });
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:one`;
  world.putService({ cluster, service, family, containers: [{ name: container, image }], desiredCount: 2 });
}, 120_000);

afterAll(async () => {
  await fleet.close();
});

const runClient = async (): Promise<unknown> => {
  const env = {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_ECS: fleet.url,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: fleet.url,
  };
  const args = [join(import.meta.dirname, 'foreign_client.py'), cluster, service];
  const { stdout } = await promisify(execFile)(venv.python, args, { env });
  return JSON.parse(stdout);
};

test("AWS's Python client deploys a copy of the live revision and waits until all is well", async () => {
  const before = expect.stringMatching(/:task-definition\/govcloud-ml-platform-ml-workload:1$/) as string;
  const after = expect.stringMatching(/:task-definition\/govcloud-ml-platform-ml-workload:2$/) as string;
  expect(await runClient()).toEqual({
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
