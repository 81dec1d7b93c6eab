import { join } from 'node:path';
import { virtualClock } from '../../../local/clock.ts';
import type { Fleet } from '../../../local/fleet/server.ts';
import { startFleet } from '../../../local/fleet/server.ts';
import { ensureVenv } from '../../../local/venv.ts';
import type { StubWorld } from './stub-world.ts';
import { stubWorld } from './stub-world.ts';

/** The wire over a stub of a world: the running test's own. */
export interface StubFleet {
  readonly world: StubWorld;
  readonly fleet: Fleet;
}

/** Starts one for each test of the file that asks, and ends it with the test. */
export const stubFleetPerTest = (): StubFleet => {
  let models: string;
  const stub = {} as { -readonly [Member in keyof StubFleet]: StubFleet[Member] };

  beforeAll(async () => {
    models = join((await ensureVenv()).sitePackages, 'botocore', 'data');
  }, 120_000);

  beforeEach(async () => {
    stub.world = stubWorld();
    stub.fleet = await startFleet({ world: stub.world, clock: virtualClock(), models: models, seed: 1 });
  });

  afterEach(async () => {
    await stub.fleet.close();
  });

  return stub;
};
