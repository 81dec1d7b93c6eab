import { judgeRollout, ourRollout, primary } from '../../../lib/domain/rollout.ts';
import { revisionArn, rollout, service, serviceDeploymentArn } from '../../support/samples.ts';

const mine = { revision: revisionArn(8), idsBefore: ['ecs-svc/1'] };
const ours = (change = {}) =>
  rollout({ id: 'ecs-svc/2', revision: revisionArn(8), state: 'IN_PROGRESS', reason: '', ...change });
const old = (change = {}) => rollout({ status: 'ACTIVE', ...change });
const front = (reason: string) => rollout({ id: 'ecs-svc/3', state: 'IN_PROGRESS', reason });
const judge = (rollouts: ReturnType<typeof rollout>[], record?: { status: string; reason: string }) =>
  judgeRollout(service({ rollouts }), {
    ...mine,
    ...(record === undefined ? {} : { record: { arn: serviceDeploymentArn('2'), ...record } }),
  });

describe('our rollout', () => {
  test('is of our revision and was not there before', () => {
    expect(ourRollout(service({ rollouts: [ours(), old()] }), mine)?.id).toBe('ecs-svc/2');
  });

  test('is not an earlier rollout of the same revision', () => {
    expect(ourRollout(service({ rollouts: [old({ revision: revisionArn(8) })] }), mine)).toBeUndefined();
  });
});

test('the rollout in front is known by its status, not by its place in the list', () => {
  expect(primary(service({ rollouts: [old(), ours()] }))?.id).toBe('ecs-svc/2');
});

describe('the verdict', () => {
  test.each<[string, ReturnType<typeof rollout>[], string]>([
    ['in front and under way', [ours(), old()], 'in progress'],
    ['in front and completed', [ours({ state: 'COMPLETED' })], 'completed'],
    ['in front and failed', [ours({ state: 'FAILED', reason: 'circuit breaker' })], 'failed'],
    ['not yet shown: a stale read', [rollout()], 'unseen'],
    ['nothing shown at all', [], 'unseen'],
    [
      'behind somebody else’s',
      [ours({ id: 'ecs-svc/3', revision: revisionArn(9) }), ours({ status: 'ACTIVE' })],
      'replaced',
    ],
    ['gone, somebody else’s in front', [ours({ id: 'ecs-svc/3', revision: revisionArn(9) })], 'replaced'],
  ])('%s: %s', (_what, rollouts, state) => {
    expect(judge(rollouts).state).toBe(state);
  });

  test('a service that is stable again on the old revision is not our success', () => {
    const back = rollout({ id: 'ecs-svc/3', state: 'COMPLETED' });
    expect(judge([back], { status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' })).toEqual({
      state: 'rolled back',
      because: 'circuit breaker',
    });
  });

  test.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])(
    "ECS's record %s tells a rollback from somebody else's update",
    (status) => {
      const back = rollout({ id: 'ecs-svc/3', state: 'IN_PROGRESS' });
      expect(judge([back, ours({ status: 'ACTIVE' })], { status, reason: 'x' }).state).toBe('rolled back');
    },
  );

  test("ECS's record STOPPED: somebody put theirs on top", () => {
    const theirs = rollout({ id: 'ecs-svc/3', state: 'IN_PROGRESS', revision: revisionArn(9) });
    expect(judge([theirs, ours({ status: 'ACTIVE' })], { status: 'STOPPED', reason: '' }).state).toBe('replaced');
  });

  test('without the record, the classic view’s failed state and reason have to do', () => {
    const back = rollout({
      id: 'ecs-svc/3',
      state: 'IN_PROGRESS',
      reason: 'ECS deployment circuit breaker: rolling back to 7.',
    });
    const failed = ours({
      status: 'ACTIVE',
      state: 'FAILED',
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    expect(judge([back, failed]).state).toBe('rolled back');
  });

  test('without that record and with ours gone, the reason of the one in front tells a rollback', () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    const back = rollout({ id: 'ecs-svc/3', state: 'IN_PROGRESS', reason });
    expect(judge([back])).toEqual({ state: 'rolled back', because: reason });
    expect(judge([back], { status: 'STOPPED', reason: '' }).state).toBe('replaced');
  });

  test.each<[string, ReturnType<typeof rollout>[]]>([
    ['says so', [ours({ status: 'ACTIVE', state: 'FAILED', reason: 'circuit breaker' }), front('')]],
    ['and the one in front says so', [ours({ status: 'ACTIVE', state: 'FAILED', reason: '' }), front('rolling back')]],
    ['says so and nothing is in front', [ours({ status: 'ACTIVE', state: 'FAILED', reason: 'rolled back' })]],
  ])('the classic view is believed, too, while the record lags: ours failed %s', (_what, rollouts) => {
    const because = rollouts[0]?.reason;
    expect(judge(rollouts, { status: 'IN_PROGRESS', reason: '' })).toEqual({ state: 'rolled back', because });
  });

  test('ours may fail and be replaced all the same: by whom is told', () => {
    const failed = ours({ status: 'ACTIVE', state: 'FAILED', reason: 'tasks failed to start' });
    expect(judge([front('somebody deployed'), failed])).toEqual({
      state: 'replaced',
      because: 'another rollout, ecs-svc/3, is in its place',
    });
  });

  test('ours that has not failed was not rolled back by what the one in front says', () => {
    expect(judge([front('rolling back'), ours({ status: 'ACTIVE' })], { status: 'STOPPED', reason: '' }).state).toBe(
      'replaced',
    );
  });

  // Success is COMPLETED with desired > 0
  test('a rollout that completed because nothing is to run is no success', () => {
    expect(judge([ours({ state: 'COMPLETED', desired: 0, running: 0 })]).state).not.toBe('completed');
  });
});
