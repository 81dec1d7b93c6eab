import { isNews, maybeRollback, missedPush, recall, type ListedPipeline } from '../../../lib/domain/missed.ts';
import { freshOrder, type TargetOrder } from '../../../lib/domain/order.ts';
import { digest, finishedAt, jobCause, olderDigest, pipelineCause, project } from '../../support/samples.ts';

const key = [90001, 1_767_606_000];
const known: TargetOrder = { version: 3, newestDeployed: key, newestSeen: key };
const listed = (pipeline: number, updatedAt = finishedAt): ListedPipeline => {
  return { project, pipeline, status: 'success', ref: 'main', source: 'push', mergeRequest: false, updatedAt };
};

test('what is deployed, or older, is known; what is newer or was written later is asked for', () => {
  expect(recall(known, listed(90001))).toBe('known');
  expect(recall(known, listed(90000, '2026-01-06T00:00:00Z'))).toBe('known');
  expect(recall(known, listed(90001, '2026-01-05T09:40:05Z'))).toBe('known');
  expect(recall(known, listed(90001, '2026-01-05T09:40:06Z'))).toBe('ask');
  expect(recall(known, listed(90002))).toBe('ask');
  expect(recall(freshOrder, listed(90001))).toBe('ask');
});

test('what was seen and not deployed finished when the journal says so', () => {
  expect(recall({ ...known, newestDeployed: [90000, 1] }, listed(90001))).toEqual({ finishedAt });
});

test("what was finished by the time of an operator's word is overruled by it", () => {
  const order = { ...freshOrder, last: { kind: 'operator' as const, askedAt: finishedAt } };
  expect([recall(order, listed(90009)), isNews(order, pipelineCause)]).toEqual(['known', false]);
  const later = { ...pipelineCause, finishedAt: '2026-01-05T09:40:01Z' };
  expect([recall(order, listed(90009, later.finishedAt)), isNews(order, later)]).toEqual(['ask', true]);
});

test('news is what is newer than what is deployed', () => {
  expect([isNews(known, pipelineCause), isNews(known, { ...pipelineCause, pipeline: 90002 })]).toEqual([false, true]);
  expect(isNews(freshOrder, pipelineCause)).toBe(true);
});

test('a rollback finished after the last deployment was asked for', () => {
  const at = (askedAt: string): TargetOrder => ({ ...known, last: { kind: 'job', askedAt } });
  expect([maybeRollback(at('2026-01-05T09:39:59Z'), jobCause), maybeRollback(at(finishedAt), jobCause)]).toEqual([
    true,
    false,
  ]);
  expect(maybeRollback(known, jobCause)).toBe(false);
});

test('a push has the same event until something else is deployed', () => {
  const target = { project, name: 'web', on: { kind: 'image' as const, repository: 'acme/web/app', tag: 'v1' } };
  const found = { digest, seenAt: '2026-01-05T09:50:00.000Z' };
  const push = missedPush(target, known, found);
  expect(push).toMatchObject({ repository: 'acme/web/app', tag: 'v1', digest, pushedAt: found.seenAt });
  expect(missedPush(target, { ...known, version: 9 }, { ...found, seenAt: finishedAt })?.event).toBe(push?.event);
  for (const other of [{ ...known, newestDeployed: [1] }, freshOrder])
    expect(missedPush(target, other, found)?.event).not.toBe(push?.event);
  expect(missedPush(target, known, { ...found, digest: olderDigest })?.event).not.toBe(push?.event);
  const last = { kind: 'image' as const, askedAt: finishedAt, digest };
  expect(missedPush(target, { ...known, last }, found)).toBeUndefined();
});
