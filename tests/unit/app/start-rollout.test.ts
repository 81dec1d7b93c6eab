import { startRollout } from '../../../lib/app/start-rollout.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { before, failing, losingAnswers } from '../../support/memory-faults.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding } from '../../support/memory-journal.ts';
import { memoryAnnouncements, stoppedClock } from '../../support/memory-ports.ts';
import {
  found,
  interval,
  noWait,
  record,
  revision,
  revisionArn,
  rollout,
  service,
  serviceDeploymentArn,
} from '../../support/samples.ts';

const input = { execution: 'web-1', deployment: 'web-1', wait: { phase: 0, total: 30, seconds: 15 } };
const world = (change: Partial<DeploymentRecord> = {}) => {
  const fleet = memoryFleet();
  fleet.revisions.set(revisionArn(8), revision(8));
  fleet.revisions.set(revisionArn(9), revision(9));
  const journal = journalHolding(record({ found, revision: revisionArn(8), ...change }));
  return { fleet, journal, interval, announcements: memoryAnnouncements(), clock: stoppedClock() };
};
const started = { rolloutId: 'ecs-svc/2', serviceDeployment: serviceDeploymentArn('2') };
const update = 'update prod/web web:8';

test('updates the service once, with its intent journalled before and its result after', async () => {
  const ports = world();
  expect(await startRollout(ports)(input)).toEqual({
    done: false,
    running: 0,
    desired: 0,
    unseen: 0,
    wait: { phase: 15, total: 45, seconds: 15 },
    serviceDeployment: serviceDeploymentArn('2'),
  });
  expect(ports.fleet.writes).toEqual([update]);
  expect(ports.journal.records.get('web-1')).toMatchObject({ starting: { revision: revisionArn(8) }, started });
});

test('done again, is done once', async () => {
  const ports = world();
  const first = await startRollout(ports)(input);
  expect(await startRollout(ports)(input)).toEqual(first);
  expect(ports.fleet.writes).toEqual([update]);
});

test('a lost answer of UpdateService: the rollout that is there is its own', async () => {
  const ports = world();
  const again = startRollout({ ...ports, fleet: losingAnswers(ports.fleet, 'update') });
  await expect(again(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(ports.journal.records.get('web-1')).not.toHaveProperty('started');
  expect(await again(input)).toMatchObject({ serviceDeployment: serviceDeploymentArn('2') });
  expect(ports.fleet.writes).toEqual([update]);
});

test.each([0, 1])('a lost answer of the journal (after %p others): one rollout', async (skip) => {
  const ports = world();
  const again = startRollout({ ...ports, journal: losingAnswers(ports.journal, 'note', { skip }) });
  await expect(again(input)).rejects.toThrow();
  await again(input);
  expect(ports.fleet.writes).toEqual([update]);
  expect(ports.journal.records.get('web-1')).toMatchObject({ started });
});

test('a lost answer and then a stale read: a second update starts no second rollout', async () => {
  const ports = world();
  await ports.fleet.update(record().service, revisionArn(8));
  const stale = { ...ports.fleet, service: () => Promise.resolve(service()) };
  const again = startRollout({ ...ports, fleet: stale });
  await ports.journal.note(record(), 'web-1', { starting: { revision: revisionArn(8) } });
  await again(input);
  expect(ports.fleet.services.get('prod/web')?.rollouts).toHaveLength(2);
});

test('died after its intent: updates, when nothing was', async () => {
  const ports = world({ starting: { revision: revisionArn(8) } });
  await startRollout(ports)(input);
  expect(ports.fleet.writes).toEqual([update]);
});

test('somebody else’s rollout since Look is ServiceBusy, and nothing is written', async () => {
  const ports = world();
  const theirs = () => {
    ports.fleet.change(() => ({ rollouts: [rollout({ id: 'ecs-svc/9', revision: revisionArn(9) })] }));
  };
  await expect(startRollout({ ...ports, fleet: before(ports.fleet, 'service', theirs) })(input)).rejects.toMatchObject({
    name: 'ServiceBusy',
  });
  expect(ports.fleet.writes).toEqual([]);
  expect(ports.journal.records.get('web-1')).not.toHaveProperty('starting');
});

test.each(['service', 'update'] as const)(
  'a failure of %s before it did anything: one rollout in the end',
  async (call) => {
    const ports = world();
    const again = startRollout({ ...ports, fleet: failing(ports.fleet, call) });
    await expect(again(input)).rejects.toThrow();
    await again(input);
    expect(ports.fleet.writes).toEqual([update]);
  },
);

test('writes nothing without the lock', async () => {
  const ports = world();
  ports.journal.locks.clear();
  await expect(startRollout(ports)(input)).rejects.toMatchObject({ name: 'LockLost' });
  expect(ports.fleet.writes).toEqual([]);
});

test('an update of which nothing is shown yet is looked for again', async () => {
  const ports = world();
  const blind = { ...ports.fleet, update: () => Promise.resolve(service()) };
  await expect(startRollout({ ...ports, fleet: blind })(input)).rejects.toMatchObject({ name: 'AwsUnavailable' });
});

test('where ECS keeps no record of rollouts, there is none to follow', async () => {
  const ports = world();
  const older = {
    ...ports.fleet,
    update: () => Promise.resolve(service({ rollouts: [rollout({ id: 'ecs-svc/2', revision: revisionArn(8) })] })),
  };
  expect(await startRollout({ ...ports, fleet: older })(input)).not.toHaveProperty('serviceDeployment');
});

test('a service that is gone is ServiceMissing; before Register, a fault of our own', async () => {
  const ports = world();
  ports.fleet.services.clear();
  await expect(startRollout(ports)(input)).rejects.toMatchObject({ name: 'ServiceMissing' });
  const early = { ...world(), journal: journalHolding(record({ found })) };
  await expect(startRollout(early)({ ...input, wait: noWait })).rejects.toMatchObject({ name: 'Unexpected' });
});
