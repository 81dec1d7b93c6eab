import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { nextUndoStep } from '../../../lib/domain/undoing.ts';
import { found, record, revisionArn, rollout, service, without } from '../../support/samples.ts';

const written = (change: Partial<DeploymentRecord> = {}) =>
  record({ found, starting: { revision: revisionArn(8) }, ...change });
const ours = (change = {}) => rollout({ id: 'ecs-svc/2', revision: revisionArn(8), state: 'IN_PROGRESS', ...change });
const back = (change = {}) => rollout({ id: 'ecs-svc/3', state: 'IN_PROGRESS', ...change });
const step = (deployment: DeploymentRecord, ...rollouts: ReturnType<typeof rollout>[]) =>
  nextUndoStep(deployment, service({ rollouts }));

describe('the next step of taking back', () => {
  test('nothing, when no write was ever meant', () => {
    expect(step(record({ found }), ours())).toEqual({ do: 'nothing', result: 'nothing written' });
  });

  test.each([
    ['what was there is still in front', [rollout()]],
    ['nothing is in front', []],
  ])('nothing, when the write never arrived: %s', (_what, rollouts) => {
    expect(step(written(), ...rollouts)).toEqual({ do: 'nothing', result: 'nothing written' });
  });

  test('nothing, when the journal does not know what was there: no going back to a guess', () => {
    const unknown = record({ starting: { revision: revisionArn(8) } });
    expect(step(unknown, ours())).toEqual({ do: 'nothing', result: 'no way back' });
    expect(step(unknown, back())).toEqual({ do: 'nothing', result: 'left alone' });
  });

  test.each(['IN_PROGRESS', 'FAILED', 'COMPLETED'] as const)(
    'back to what was there, while ours is in front: %s',
    (state) => {
      expect(step(written(), ours({ state }), rollout({ status: 'ACTIVE' }))).toEqual({
        do: 'revert',
        to: revisionArn(7),
      });
    },
  );

  test('nothing, when there was nothing to go back to', () => {
    const nowhere = without(found, 'before');
    expect(step(written({ found: nowhere }), ours())).toEqual({ do: 'nothing', result: 'no way back' });
  });

  test("ECS's own rollback is followed, not started again", () => {
    expect(step(written(), back(), ours({ status: 'ACTIVE', state: 'FAILED' }))).toEqual({ do: 'follow' });
    expect(step(written(), back({ state: 'COMPLETED' }))).toEqual({ do: 'nothing', result: 'rolled back by ECS' });
  });

  test('our own way back is followed to its end', () => {
    const undoing = written({ undoing: { to: revisionArn(7) } });
    expect(step(undoing, back(), ours({ status: 'ACTIVE' }))).toEqual({ do: 'follow' });
    expect(step(undoing, back({ state: 'COMPLETED' }))).toEqual({ do: 'nothing', result: 'undone' });
  });

  test('a way back that fails is given up, by its rollout and reason', () => {
    const because = 'the way back, rollout ecs-svc/3, failed: tasks failed';
    expect(step(written(), back({ state: 'FAILED', reason: 'tasks failed' }))).toEqual({ do: 'give up', because });
  });

  test('somebody else’s change on top is left alone', () => {
    const theirs = back({ revision: revisionArn(9) });
    expect(step(written(), theirs, ours({ status: 'ACTIVE' }))).toEqual({ do: 'nothing', result: 'left alone' });
  });
});
