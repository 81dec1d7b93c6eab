import { settle } from '../../../lib/app/settle.ts';
import type { WorkflowState } from '../../../lib/domain/conclusion.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { candidateOf, journalHolding, memoryJournal } from '../../support/memory-journal.ts';
import { memoryAnnouncements, stoppedClock } from '../../support/memory-ports.ts';
import { found, record, revisionArn } from '../../support/samples.ts';

const of = { deployment: 'web-1', target: '4711/web' };
const deployed: WorkflowState = { of, rollout: { done: true } };
const failed = (Error: string): WorkflowState => ({ of, failure: { Error } });

const world = (change: Partial<DeploymentRecord> = {}) => ({
  journal: journalHolding(
    record({ found, revision: revisionArn(8), starting: { revision: revisionArn(8) }, ...change }),
  ),
  announcements: memoryAnnouncements(),
  clock: stoppedClock('2026-01-05T10:00:00Z'),
});

const onceDeployed = {
  version: 1,
  newestDeployed: record().key,
  last: { kind: 'pipeline', askedAt: record().askedAt, digest: found.digest },
};

test('a success is journalled, frees the lock, moves the order, and is announced', async () => {
  const ports = world();
  const end = await settle(ports)({ execution: 'web-1', state: deployed });
  const written = { outcome: 'deployed', because: 'its own rollout completed', at: '2026-01-05T10:00:00.000Z' };
  expect(end).toMatchObject(written);
  expect(ports.journal.records.get('web-1')?.end).toEqual(written);
  expect(ports.journal.locks.get('prod/web')).not.toHaveProperty('holder');
  expect(ports.journal.locks.get('prod/web')?.deployed).toEqual([revisionArn(8)]);
  expect(ports.journal.orders.get('4711/web')).toEqual(onceDeployed);
  expect(ports.announcements.told).toMatchObject([
    { 'detail-type': 'Deployment succeeded', detail: { deployment: 'web-1', revision: revisionArn(8), ...written } },
  ]);
});

test('a failure frees the lock and moves no order', async () => {
  const ports = world();
  expect(await settle(ports)({ execution: 'web-1', state: failed('RolloutFailed') })).toMatchObject({
    failure: 'RolloutFailed',
  });
  expect(ports.journal.locks.get('prod/web')).not.toHaveProperty('holder');
  expect(ports.journal.locks.get('prod/web')?.deployed).toEqual([]);
  expect(ports.journal.orders.size).toBe(0);
});

test('what AWS could not do is retryable only while nothing was written', async () => {
  const retryable = { ...world(), journal: journalHolding(record({ found })) };
  expect(await settle(retryable)({ execution: 'web-1', state: failed('AwsUnavailable') })).toMatchObject({
    failure: 'AwsUnavailable',
  });
  expect(await settle(world())({ execution: 'web-1', state: failed('AwsUnavailable') })).toMatchObject({
    failure: 'Interrupted',
  });
});

test('what was never confirmed has no record: its end is only announced', async () => {
  const ports = { ...world(), journal: memoryJournal() };
  expect(await settle(ports)({ execution: 'web-1', state: failed('NotConfirmed') })).toMatchObject({
    failure: 'NotConfirmed',
  });
  expect(ports.journal.records.size + ports.journal.locks.size).toBe(0);
  expect(ports.announcements.told).toMatchObject([{ 'detail-type': 'Deployment failed', detail: of }]);
});

test('repeated after a lost answer, it keeps the end that was written first', async () => {
  const ports = world();
  const once = settle({ ...ports, journal: losingAnswers(ports.journal, 'settle') });
  await expect(once({ execution: 'web-1', state: deployed })).rejects.toThrow();
  expect(await once({ execution: 'web-1', state: failed('Unexpected') })).toMatchObject({ outcome: 'deployed' });
  expect(ports.announcements.ends()).toMatchObject([{ outcome: 'deployed' }]);
});

test('an announcement that failed is made up for, without another end', async () => {
  const ports = world();
  const once = settle({ ...ports, announcements: failing(ports.announcements, 'tell') });
  await expect(once({ execution: 'web-1', state: deployed })).rejects.toThrow();
  expect(ports.journal.records.get('web-1')?.end).toMatchObject({ outcome: 'deployed' });
  await once({ execution: 'web-1', state: deployed });
  expect(ports.announcements.ends()).toHaveLength(1);
});

test('an announcement that is refused for good fails nothing, and is counted as lost', async () => {
  const ports = world();
  const failure = new DeployFailure('AwsRefused', 'PutEvents: AccessDeniedException');
  const once = settle({ ...ports, announcements: failing(ports.announcements, 'tell', { failure }) });
  expect(await once({ execution: 'web-1', state: deployed })).toMatchObject({ outcome: 'deployed' });
  expect(ports.announcements.missed).toEqual([{ type: 'Deployment succeeded', failure: 'AwsRefused' }]);
  expect(ports.journal.records.get('web-1')?.end).toMatchObject({ outcome: 'deployed' });
});

test('a waiter that ends leaves the queue and takes nothing from the holder', async () => {
  const ports = world();
  const lock = ports.journal.locks.get('prod/web');
  const waiter = { ...candidateOf(record({ deployment: 'web-2' })), ticket: 2 };
  if (lock !== undefined) ports.journal.locks.set('prod/web', { ...lock, waiters: [waiter] });
  ports.journal.records.set('web-2', record({ deployment: 'web-2' }));
  await settle(ports)({
    execution: 'web-2',
    state: { of: { ...of, deployment: 'web-2' }, failure: { Error: 'QueueTimedOut' } },
  });
  expect(ports.journal.locks.get('prod/web')).toMatchObject({ holder: { execution: 'web-1' }, waiters: [] });
});

test('a recovery settles the deployment that died, not itself', async () => {
  const ports = world();
  const lock = ports.journal.locks.get('prod/web');
  if (lock?.holder !== undefined) lock.holder.execution = 'web-1-recover';
  await settle(ports)({
    execution: 'web-1-recover',
    state: { of, stock: { next: 'settle', because: 'completed all the same' } },
  });
  expect(ports.journal.records.get('web-1')?.end).toMatchObject({
    outcome: 'deployed',
    because: 'completed all the same',
  });
  expect(ports.journal.locks.get('prod/web')).not.toHaveProperty('holder');
});

// What is already there is in force like what was deployed: an older cause that comes late must not replace it.
test('already deployed moves the order as well', async () => {
  const ports = world();
  const look = { state: 'ended', outcome: 'already deployed' as const, because: 'the service runs this image' };
  await settle(ports)({ execution: 'web-1', state: { of, look } });
  expect(ports.journal.orders.get('4711/web')).toEqual(onceDeployed);
});

// Its hook is answered, its image is what users see: an older cause must not replace it, whatever Retire left undone.
test('a swap whose success is recorded is deployed, moves the order, and warns of what Retire left', async () => {
  const ports = world({ succeeded: { at: '2026-01-05T09:55:00.000Z' } });
  const state: WorkflowState = { of, retireFailure: { Error: 'RetireIncomplete' } };
  const end = await settle(ports)({ execution: 'web-1', state });
  expect(end).toMatchObject({ outcome: 'deployed', warning: 'RetireIncomplete' });
  expect(ports.journal.orders.get('4711/web')).toEqual(onceDeployed);
  expect(ports.journal.locks.get('prod/web')).toMatchObject({ deployed: [revisionArn(8)] });
  expect(ports.announcements.ends()).toMatchObject([{ warning: 'RetireIncomplete' }]);
});

test('a swap that says it is retired is deployed only if its success is recorded', async () => {
  const end = await settle(world())({ execution: 'web-1', state: { of, retire: { done: true } } });
  expect(end).toMatchObject({ outcome: 'failed', failure: 'Unexpected' });
});
