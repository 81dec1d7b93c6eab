import { recordSuccess } from '../../../lib/app/record-success.ts';
import { everyFault } from '../../support/every-fault.ts';
import { begun, swapScene, who, type SwapScene } from '../../support/swap-scene.ts';

const run = (ports: Parameters<typeof recordSuccess>[0], phase = 300) =>
  recordSuccess(ports)({ ...who, wait: { phase, total: 400, seconds: 15 } });
const succeeded = { at: '2026-11-25T10:00:00.000Z' };

test('journals the success and writes nothing else', async () => {
  const here = swapScene(begun);
  await run(here);
  expect(here.record()).toMatchObject({ succeeded });
  expect(here.writes).toEqual([]);
});

// The load balancer's nodes take a change over within a minute of the last shift.
test.each([
  [0, 60],
  [15, 45],
  [59, 1],
  [60, 1],
  [300, 1],
])('%d s after the last shift the old colour is retired in %d s', async (phase, seconds) => {
  expect(await run(swapScene(begun), phase)).toEqual({ wait: { seconds } });
});

test('keeps the time of the success that was recorded first', async () => {
  const here = swapScene({ ...begun, succeeded: { at: '2026-11-25T09:00:00.000Z' } });
  await run(here);
  expect(here.record()).toMatchObject({ succeeded: { at: '2026-11-25T09:00:00.000Z' } });
});

test('is recorded after whatever fault', async () => {
  const world = () => swapScene(begun);
  const state = (here: SwapScene) => here.record();
  const { undisturbed, after } = await everyFault<SwapScene>({ world, run: async (ports) => run(ports), state });
  expect(undisturbed).toMatchObject({ succeeded });
  expect(after).toHaveLength(4);
  for (const [fault, one] of after) expect([fault, one]).toEqual([fault, undisturbed]);
});

test('is not recorded without the lock', async () => {
  const here = swapScene(begun);
  here.journal.locks.clear();
  await expect(run(here)).rejects.toMatchObject({ name: 'LockLost' });
  expect(here.record()).not.toHaveProperty('succeeded');
});
