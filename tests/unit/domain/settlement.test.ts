import { freeLock } from '../../../lib/domain/admission.ts';
import { pastOf, settledLock, type JournalledLock } from '../../../lib/domain/settlement.ts';
import { end, found, record, revisionArn, swapFound, without } from '../../support/samples.ts';

const mine = record({ revision: revisionArn(8) });
const candidate = (execution: string) => ({
  execution,
  deployment: mine.deployment,
  target: mine.target,
  key: mine.key,
  precedence: 'order' as const,
  askedAt: mine.askedAt,
  since: mine.openedAt,
});
const other = { ...candidate('api-1'), deployment: 'api-1', target: '4711/api' };
const settled = (lock: JournalledLock, { of = mine, as = end(), holder = mine.deployment } = {}) =>
  settledLock(lock, { record: of, holder }, as);
const revisions = (...numbers: number[]) => numbers.map(revisionArn);

describe('the lock after an end', () => {
  test('is free', () => {
    expect(settled({ ...freeLock, holder: candidate(mine.deployment) })).not.toHaveProperty('holder');
  });

  test('is free, too, when a recovery holds it, and the dead execution waits no longer', () => {
    const waiter = { ...candidate(mine.deployment), ticket: 1 };
    const lock = { ...freeLock, holder: candidate('web-1-recover'), waiters: [waiter, { ...other, ticket: 2 }] };
    const { holder, waiters } = settled(lock, { holder: 'web-1-recover' });
    expect(holder).toBeUndefined();
    expect(waiters).toEqual([{ ...other, ticket: 2 }]);
  });

  test('is free also when the recovery holds it, and a stopped execution wrote the end with its last breath', () => {
    expect(settled({ ...freeLock, holder: candidate('web-1-recover') })).not.toHaveProperty('holder');
  });

  test('stays who else holds it', () => {
    expect(settled({ ...freeLock, holder: other }).holder).toEqual(other);
  });
});

describe('the revisions that were deployed', () => {
  test('begin with the first', () => {
    expect(settled(freeLock).deployed).toEqual(revisions(8));
  });

  test('are kept newest first, ten of them, each once', () => {
    const deployed = revisions(12, 11, 8, 10, 9, 7, 6, 5, 4, 3);
    expect(settled({ ...freeLock, deployed }).deployed).toEqual(revisions(8, 12, 11, 10, 9, 7, 6, 5, 4, 3));
    const without8 = revisions(12, 11, 10, 9, 7, 6, 5, 4, 3, 2);
    expect(settled({ ...freeLock, deployed: without8 }).deployed).toEqual(revisions(8, 12, 11, 10, 9, 7, 6, 5, 4, 3));
  });

  test.each(['failed', 'superseded', 'outdated', 'held', 'already deployed'] as const)(
    'are none more by an end as %s',
    (outcome) => {
      expect(settled({ ...freeLock, deployed: revisions(7) }, { as: end({ outcome }) }).deployed).toEqual(revisions(7));
    },
  );

  test('no longer count ours once it failed: it is no way back', () => {
    const lock = { ...freeLock, deployed: revisions(8, 7) };
    expect(settled(lock, { as: end({ outcome: 'failed' }) }).deployed).toEqual(revisions(7));
  });

  test('are none more by a deployment that registered none', () => {
    const of = without(mine, 'revision');
    expect(settled({ ...freeLock, deployed: revisions(7) }, { of }).deployed).toEqual(revisions(7));
  });
});

describe('a failed Undo', () => {
  const undoFailed = end({ outcome: 'failed', failure: 'UndoFailed' });
  const of = record({ revision: revisionArn(8), found });

  test('leaves the revision that it was going back to, whose rollout may hang', () => {
    expect(settled(freeLock, { of, as: undoFailed }).failedUndoTo).toBe(revisionArn(7));
  });

  test('leaves none when there was no way back', () => {
    expect(settled(freeLock, { as: undoFailed })).not.toHaveProperty('failedUndoTo');
  });

  test('is remembered through other ends, until something is deployed', () => {
    const lock = { ...freeLock, failedUndoTo: revisionArn(5) };
    expect(settled(lock, { of, as: end({ outcome: 'failed', failure: 'RolloutFailed' }) }).failedUndoTo).toBe(
      revisionArn(5),
    );
    expect(settled(lock, { of })).not.toHaveProperty('failedUndoTo');
  });
});

describe('a swap that did not put scaling back', () => {
  const live = { min: 2, max: 6, suspended: { scaleIn: false, scaleOut: false, scheduled: false } };
  const of = record({ revision: revisionArn(8), found: swapFound({ scaling: { live, idle: live } }) });
  const incomplete = end({ outcome: 'deployed', warning: 'RetireIncomplete' });
  const lock = { ...freeLock, heldScaling: { ...live, max: 9 } };

  test.each([incomplete, end({ outcome: 'failed', failure: 'UndoFailed' })])('leaves what live had: %j', (as) => {
    expect(settled(freeLock, { of, as }).heldScaling).toEqual(live);
    expect(settled(lock, { of, as }).heldScaling).toEqual(live);
  });

  test('of a colour without scaling leaves what was left before', () => {
    const unscaled = record({ found: swapFound() });
    expect(settled(lock, { of: unscaled, as: incomplete }).heldScaling).toEqual(lock.heldScaling);
  });

  test('is remembered until one did', () => {
    expect(settled(lock, { of, as: end({ outcome: 'failed', undo: 'left alone' }) }).heldScaling).toEqual(
      lock.heldScaling,
    );
    expect(settled(lock, { of })).not.toHaveProperty('heldScaling');
    expect(settled(lock, { of, as: end({ outcome: 'failed', undo: 'undone' }) })).not.toHaveProperty('heldScaling');
  });

  test('is part of the past', () => {
    expect(pastOf(lock)).toEqual({ deployed: [], heldScaling: lock.heldScaling });
  });
});

test('the past of a service that has none is empty', () => {
  expect(pastOf(freeLock)).toStrictEqual({ deployed: [] });
});
