import { undo, type UndoOutput } from '../../../lib/app/undo.ts';
import { losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding } from '../../support/memory-journal.ts';
import { memoryAnnouncements, stoppedClock } from '../../support/memory-ports.ts';
import { memoryScaling } from '../../support/memory-scaling.ts';
import { memoryTraffic } from '../../support/memory-traffic.ts';
import { found, interval, noWait, record, revision, revisionArn, service, serviceName } from '../../support/samples.ts';

const input = { execution: 'web-1', deployment: 'web-1', wait: noWait };

/** Revision 8 is on the service, by this deployment. */
const world = async () => {
  const fleet = memoryFleet();
  for (const number of [8, 9]) fleet.revisions.set(revisionArn(number), revision(number));
  await fleet.update(serviceName, revisionArn(8));
  const started = { rolloutId: 'ecs-svc/2' };
  const written = record({ found, revision: revisionArn(8), starting: { revision: revisionArn(8) }, started });
  const ports = {
    fleet,
    traffic: memoryTraffic(),
    scaling: memoryScaling(),
    journal: journalHolding(written),
    interval,
    announcements: memoryAnnouncements(),
    clock: stoppedClock(),
  };
  return { ...ports, step: (wait = noWait): Promise<UndoOutput> => undo(ports)({ ...input, wait }) };
};
const way = 'update prod/web web:7';

test('goes back to what was there, follows that to its end, and says so', async () => {
  const { fleet, journal, step } = await world();
  expect(await step()).toEqual({ done: false, wait: { phase: 15, total: 15, seconds: 15 } });
  expect(journal.records.get('web-1')).toMatchObject({ undoing: { to: revisionArn(7) } });
  expect(await step()).toMatchObject({ done: false });
  fleet.front({ state: 'COMPLETED' });
  expect(await step()).toEqual({ done: true, result: 'undone' });
  expect(fleet.writes.slice(1)).toEqual([way]);
});

test('a lost answer: the way back is begun once', async () => {
  const here = await world();
  const again = undo({ ...here, fleet: losingAnswers(here.fleet, 'update') });
  await expect(again(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(await again(input)).toMatchObject({ done: false });
  expect(here.fleet.writes.slice(1)).toEqual([way]);
});

test('nothing was written: nothing is taken back', async () => {
  const here = await world();
  const journal = journalHolding(record({ found }));
  expect(await undo({ ...here, journal })(input)).toEqual({ done: true, result: 'nothing written' });
  expect(here.fleet.writes).toHaveLength(1);
});

test('ECS’s own rollback is followed, and not started again', async () => {
  const { fleet, step } = await world();
  await fleet.update(serviceName, revisionArn(7));
  expect(await step()).toMatchObject({ done: false });
  fleet.front({ state: 'COMPLETED' });
  expect(await step()).toEqual({ done: true, result: 'rolled back by ECS' });
  expect(fleet.writes).toHaveLength(2);
});

test('somebody else’s change on top is left alone', async () => {
  const { fleet, step } = await world();
  await fleet.update(serviceName, revisionArn(9));
  expect(await step()).toEqual({ done: true, result: 'left alone' });
  expect(fleet.writes).toHaveLength(2);
});

test('a service that is gone is left alone', async () => {
  const { fleet, step } = await world();
  fleet.services.clear();
  expect(await step()).toEqual({ done: true, result: 'left alone' });
});

test('a way back that fails is UndoFailed', async () => {
  const { fleet, step } = await world();
  await step();
  fleet.front({ state: 'FAILED', reason: 'tasks failed' });
  await expect(step()).rejects.toMatchObject({ name: 'UndoFailed' });
});

test('a way back that takes longer than the target’s timeout is UndoFailed', async () => {
  const { step } = await world();
  await step();
  expect(await step({ phase: 1799, total: 1799, seconds: 60 })).toMatchObject({ done: false });
  await expect(step({ phase: 1800, total: 1800, seconds: 60 })).rejects.toMatchObject({ name: 'UndoFailed' });
});

test('writes nothing without the lock', async () => {
  const { fleet, journal, step } = await world();
  journal.locks.clear();
  await expect(step()).rejects.toMatchObject({ name: 'LockLost' });
  expect(fleet.writes).toHaveLength(1);
});

// A stale read is looked at again, three times. The update's answer was lost, so the read may be older.
test('one look that does not show our rollout is not the proof that nothing was written', async () => {
  const here = await world();
  const intent = record({ found, revision: revisionArn(8), starting: { revision: revisionArn(8) } });
  const stale = { ...here.fleet, service: () => Promise.resolve(service()) };
  const first = await undo({ ...here, fleet: stale, journal: journalHolding(intent) })(input);
  expect(first).toMatchObject({ done: false });
});
