import { startSwapWorld, type SwapWorld } from '../support/swap-world.ts';
import { healthy, unhealthy } from '../support/workflow-world.ts';

/** Swaps of colours, with the real verbs, adapters and definition. */

let world: SwapWorld;

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

/** Desired counts of the two services. */
const sizes = () => ['web', 'web-green'].map((name) => world.world.serviceView('prod', name).desired);
const endOf = (execution: string) => world.journal.records.get(execution)?.end;

test('a swap in steps: green gets everything, the old colour is retired, no user notices', async () => {
  world = await startSwapWorld();
  world.targets.splice(0, 1, world.swapTarget());
  const run = await world.run(await world.release(healthy));
  expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
  expect(run.states.filter((state) => state === 'Shift')).toHaveLength(2);
  expect(sizes()).toEqual([0, 2]);
  expect(world.traffic.failed).toBe(0);
});

test('and back again: the colours take turns', async () => {
  world = await startSwapWorld();
  world.targets.splice(0, 1, world.swapTarget());
  for (const turn of [1, 2, 3]) {
    const run = await world.run(await world.release({ does: 'become healthy', after: 4 + turn }));
    expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
    expect(sizes()).toEqual(turn === 2 ? [2, 0] : [0, 2]);
  }
  expect(world.traffic.failed).toBe(0);
});

test('a green that never becomes healthy never sees a user, and is shrunk', async () => {
  world = await startSwapWorld();
  world.targets.splice(0, 1, world.swapTarget());
  const run = await world.run(await world.release(unhealthy));
  expect(run.error).toBe('GreenUnhealthy');
  expect(endOf(run.execution)).toMatchObject({ outcome: 'failed', failure: 'GreenUnhealthy', undo: 'undone' });
  expect(run.states).not.toContain('Shift');
  expect(sizes()).toEqual([2, 0]);
  expect(world.traffic.failed).toBe(0);
});
