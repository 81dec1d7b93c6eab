import { target } from '../support/samples.ts';
import { healthy, startWorkflowWorld, unhealthy, type WorkflowWorld } from '../support/workflow-world.ts';

/** A holder that died, found by whoever finds it: one cleans up, and who waits gets through. */

let world: WorkflowWorld;

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

const updatesBy = (caller: string): number =>
  world.fleet.calls.filter(
    (call) => call.operation === 'UpdateService' && call.outcome === 'ok' && call.caller === caller,
  ).length;
const endOf = (execution: string) => world.journal.records.get(execution)?.end;

/** An execution that was stopped while its rollout, which would never end, is followed. */
const died = async () => {
  world = await startWorkflowWorld({ circuitBreaker: { enable: false, rollback: false } });
  const { execution } = await world.run(await world.release(unhealthy), { stopAt: 'Check rollout' });
  expect(world.journal.locks.get('prod/web')?.holder?.execution).toBe(execution);
  return { execution, next: await world.release(healthy) };
};

/** The dead one was undone once, by this recovery, and the next was deployed. */
const expectCleaned = (dead: string, next: string): void => {
  expect(endOf(dead)).toMatchObject({ failure: 'ExecutionDied', undo: 'undone' });
  expect(endOf(next)).toMatchObject({ outcome: 'deployed' });
  expect({ undo: updatesBy('undo'), start: updatesBy('start-rollout') }).toEqual({ undo: 1, start: 2 });
  expect(world.journal.locks.get('prod/web')).not.toHaveProperty('holder');
  expect(world.journal.locks.get('prod/web')?.waiters).toEqual([]);
  expect(world.traffic.failed).toBe(0);
};

test('seen by a waiter and by recover at once: one of them acts', async () => {
  const { execution, next } = await died();
  const [waiter] = await Promise.all([world.run(next), world.recover(execution)]);
  expect([...world.recoveries.keys()]).toEqual([`${execution}-recover`]);
  expect((await world.recoveries.get(`${execution}-recover`))?.error).toBe('ExecutionDied');
  expectCleaned(execution, waiter.execution);
});

test('seen by a waiter alone, for recover never came', async () => {
  const { execution, next } = await died();
  const waiter = await world.run(next);
  expect([...world.recoveries.keys()]).toEqual([`${execution}-recover`]);
  expectCleaned(execution, waiter.execution);
});

test.each(['before', 'after'])(
  'whose recovery died as well, %s it had the lock: the waiter starts the next one',
  async (when) => {
    const { execution, next } = await died();
    await world.workflows.start(`${execution}-recover`, {});
    world.workflows.end(`${execution}-recover`, 'States.Timeout');
    const holder = world.journal.locks.get('prod/web')?.holder;
    if (when === 'after' && holder !== undefined) holder.execution = `${execution}-recover`;
    const waiter = await world.run(next);
    expect([...world.recoveries.keys()]).toEqual([`${execution}-recover-2`]);
    expectCleaned(execution, waiter.execution);
  },
);

test('a waiter that died in front of another target is taken out of the queue by the next in line', async () => {
  world = await startWorkflowWorld();
  const other = target({ name: 'other' });
  world.targets.push(other);
  const [holding, waiting, last] = [
    await world.release(healthy),
    await world.release(healthy),
    await world.release(healthy),
  ];
  const holder = await world.run(holding, { stopAt: 'Look' });
  const waiter = await world.run(waiting, { stopAt: 'Wait for turn' });
  expect(world.journal.locks.get('prod/web')?.waiters).toMatchObject([{ execution: waiter.execution }]);
  const next = await world.run(last, { target: other });
  expect([...world.recoveries.keys()]).toEqual([`${holder.execution}-recover`, `${waiter.execution}-recover`]);
  for (const { execution } of [holder, waiter])
    expect(endOf(execution)).toMatchObject({ failure: 'ExecutionDied', undo: 'nothing written' });
  expect(endOf(next.execution)).toMatchObject({ outcome: 'deployed' });
  expect(world.journal.locks.get('prod/web')?.waiters).toEqual([]);
});
