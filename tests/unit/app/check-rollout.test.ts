import { checkRollout, type RolloutView } from '../../../lib/app/check-rollout.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { memoryFleet } from '../../support/memory-fleet.ts';
import { journalHolding } from '../../support/memory-journal.ts';
import { memoryDiagnosis } from '../../support/memory-ports.ts';
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
  serviceName,
} from '../../support/samples.ts';

const arn = serviceDeploymentArn('2');
const last: RolloutView = { done: false, running: 0, desired: 0, unseen: 0, wait: noWait };

/** Revision 8 is being rolled out by this deployment. */
const world = async () => {
  const fleet = memoryFleet();
  fleet.revisions.set(revisionArn(8), revision(8));
  await fleet.update(serviceName, revisionArn(8));
  const written = record({ found, revision: revisionArn(8), starting: { revision: revisionArn(8) } });
  const diagnosis = memoryDiagnosis('container app exited with code 1');
  const ports = { fleet, diagnosis, journal: journalHolding(written), interval };
  return {
    ...ports,
    see: (view: Partial<RolloutView> = {}) =>
      checkRollout(ports)({ deployment: 'web-1', rollout: { ...last, ...view } }),
  };
};

test('under way: its counts, the next wait, and ECS’s record of it', async () => {
  const { fleet, see } = await world();
  fleet.front({ running: 1 });
  expect(await see()).toEqual({
    done: false,
    running: 1,
    desired: 2,
    unseen: 0,
    wait: { phase: 15, total: 15, seconds: 15 },
    serviceDeployment: arn,
  });
});

test('completed: done', async () => {
  const { fleet, see } = await world();
  fleet.front({ state: 'COMPLETED', running: 2 });
  expect(await see()).toMatchObject({ done: true, running: 2 });
});

test('completed with fewer tasks than before: autoscaling moves counts', async () => {
  const { fleet, see } = await world();
  fleet.front({ state: 'COMPLETED', desired: 1, running: 1 });
  expect(await see()).toMatchObject({ done: true });
});

test('completed on the very last look counts, although the time is over', async () => {
  const { fleet, see } = await world();
  fleet.front({ state: 'COMPLETED' });
  expect(await see({ wait: { phase: 9000, total: 9000, seconds: 60 } })).toMatchObject({ done: true });
});

describe('RolloutFailed', () => {
  test('when ECS gave it up', async () => {
    const { fleet, see } = await world();
    fleet.front({ state: 'FAILED', reason: 'circuit breaker: tasks failed to start.' });
    await expect(see()).rejects.toMatchObject({
      name: 'RolloutFailed',
      facts: { rollout: 'ecs-svc/2', revision: revisionArn(8), reasons: ['container app exited with code 1'] },
    });
  });

  test('when ECS rolled it back, although the service is stable again', async () => {
    const { fleet, see } = await world();
    fleet.change(() => ({ rollouts: [rollout({ id: 'ecs-svc/3' })], revision: revisionArn(7) }));
    fleet.records.set(arn, { arn, status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' });
    await expect(see({ serviceDeployment: arn })).rejects.toMatchObject({ name: 'RolloutFailed' });
  });

  test('a rollback is known by the record that Start rollout journalled', async () => {
    const { fleet, journal, see } = await world();
    await journal.note(record(), 'web-1', { started: { rolloutId: 'ecs-svc/2', serviceDeployment: arn } });
    fleet.change(() => ({ rollouts: [rollout({ id: 'ecs-svc/3' })] }));
    fleet.records.set(arn, { arn, status: 'ROLLBACK_IN_PROGRESS', reason: '' });
    await expect(see()).rejects.toMatchObject({ name: 'RolloutFailed' });
  });

  test('tells at most ten reasons', async () => {
    const here = await world();
    here.fleet.front({ state: 'FAILED' });
    const diagnosis = memoryDiagnosis(...Array.from({ length: 30 }, (_, index) => `reason ${index}`));
    const failure: unknown = await checkRollout({ ...here, diagnosis })({ deployment: 'web-1', rollout: last }).catch(
      (error: unknown) => error,
    );
    expect((failure as DeployFailure).facts['reasons']).toHaveLength(10);
  });

  test.each(['AwsRefused', 'AwsUnavailable'] as const)(
    'keeps its name when its reasons cannot be read: %s',
    async (name) => {
      const here = await world();
      here.fleet.front({ state: 'FAILED' });
      const diagnosis = { reasons: () => Promise.reject(new DeployFailure(name, 'ListTasks: x')) };
      await expect(checkRollout({ ...here, diagnosis })({ deployment: 'web-1', rollout: last })).rejects.toMatchObject({
        name: 'RolloutFailed',
      });
    },
  );
});

describe('RolloutReplaced', () => {
  test('by somebody else’s rollout', async () => {
    const { fleet, see } = await world();
    fleet.revisions.set(revisionArn(9), revision(9));
    await fleet.update(serviceName, revisionArn(9));
    fleet.records.set(arn, { arn, status: 'STOPPED', reason: '' });
    await expect(see()).rejects.toMatchObject({ name: 'RolloutReplaced' });
  });

  test('after three looks in a row that did not show it, not before', async () => {
    const { fleet, see } = await world();
    fleet.services.set('prod/web', service());
    let view = await see();
    for (const unseen of [1, 2, 3]) {
      expect(view).toMatchObject({ done: false, unseen });
      if (unseen < 3) view = await see(view);
    }
    await expect(see(view)).rejects.toMatchObject({ name: 'RolloutReplaced' });
  });

  test('a look that shows it begins the count anew', async () => {
    const { see } = await world();
    expect(await see({ unseen: 3 })).toMatchObject({ unseen: 0 });
  });
});

describe('RolloutTimedOut', () => {
  test('at the target’s own deadline, counted in waits', async () => {
    const { see } = await world();
    expect(await see({ wait: { phase: 1799, total: 1799, seconds: 60 } })).toMatchObject({ done: false });
    await expect(see({ wait: { phase: 1800, total: 1800, seconds: 60 } })).rejects.toMatchObject({
      name: 'RolloutTimedOut',
      facts: { reasons: ['container app exited with code 1'] },
    });
  });

  test('after 30 minutes of looks: every 15 s for ten minutes, then every minute', async () => {
    const { see } = await world();
    let view = await see();
    const waits: number[] = [view.wait.seconds];
    await expect(
      (async () => {
        for (;;) {
          view = await see(view);
          waits.push(view.wait.seconds);
        }
      })(),
    ).rejects.toMatchObject({ name: 'RolloutTimedOut' });
    expect([waits.filter((one) => one === 15).length, waits.filter((one) => one === 60).length]).toEqual([40, 20]);
  });
});

test('a service that is gone is ServiceMissing; before Start rollout, a fault of our own', async () => {
  const here = await world();
  here.fleet.services.clear();
  await expect(here.see()).rejects.toMatchObject({ name: 'ServiceMissing' });
  const early = checkRollout({ ...here, journal: journalHolding(record({ found })) });
  await expect(early({ deployment: 'web-1', rollout: last })).rejects.toMatchObject({ name: 'Unexpected' });
});
