import { lostHooks, type FailedHook } from '../../../lib/domain/lost-hook.ts';
import { isFailing, type SentHook } from '../../../lib/domain/sent-hook.ts';
import { jobFacts, jobTarget, pipelineFacts, project, target } from '../../support/samples.ts';

const now = new Date('2026-01-08T12:00:00Z');
const main = target();
const second = target({ name: 'second' });
const job = jobTarget({ name: 'by-job' });

const pipeline = (id: number, change = {}): FailedHook => ({
  event: id,
  key: `key-${id}`,
  facts: { kind: 'pipeline', ...pipelineFacts({ pipeline: id, finishedAt: '2026-01-05T09:40:00Z', ...change }) },
});
const played = (id: number, of: number, change = {}): FailedHook => ({
  event: id,
  key: `key-${id}`,
  facts: { kind: 'job', ...jobFacts({ job: id, pipeline: of, finishedAt: '2026-01-05T09:40:00Z', ...change }) },
});
const events = (failed: FailedHook[], ...targets: (typeof main)[]) =>
  lostHooks(failed, targets, now).map(({ event, targets: of }) => [event, of.map(({ name }) => name)]);

test('the newest cause of each target, the newest first', () => {
  expect(events([pipeline(1), pipeline(3), pipeline(2)], main)).toEqual([[3, ['web']]]);
  const failed = [pipeline(5), played(8, 4), played(9, 6), pipeline(4)];
  expect(events(failed, main, second, job)).toEqual([
    [9, ['by-job']],
    [5, ['web', 'second']],
  ]);
});

test('of a pipeline that succeeded twice, its later success; of one job that was retried, the later one', () => {
  const again = { ...pipeline(1, { finishedAt: '2026-01-06T09:40:00Z' }), event: 2 };
  expect(events([pipeline(1), again], main)).toEqual([[2, ['web']]]);
  expect(events([played(8, 4), played(7, 4)], job)).toEqual([[8, ['by-job']]]);
});

test('an older one is lost as well where it is the newest of another target', () => {
  const onTopic = target({ name: 'topic', on: { kind: 'pipeline', ref: 'topic', sources: ['push'] } });
  expect(events([pipeline(1, { ref: 'topic' }), pipeline(2)], main, onTopic)).toEqual([
    [2, ['web']],
    [1, ['topic']],
  ]);
});

test.each([
  ['a status that is no success', { status: 'failed' }],
  ['no finish', { finishedAt: undefined }],
  ['a merge request', { mergeRequest: true }],
  ['another project', { project: project + 1 }],
  ['more than seven days', { finishedAt: '2026-01-01T11:59:59Z' }],
])('%s: none', (_why, change) => {
  expect(events([pipeline(1, change)], main)).toEqual([]);
});

test('seven days ago, and not more: one', () => {
  expect(events([pipeline(1, { finishedAt: '2026-01-01T12:00:00Z' })], main)).toEqual([[1, ['web']]]);
});

test.each<[string, boolean]>([
  ['', false],
  ['f', false],
  ['fa', false],
  ['af', false],
  ['ff', true],
  ['ffa', true],
  ['aff', false],
  ['faff', false],
])('a hook whose newest sendings were %p (failed, arrived) fails now: %p', (sendings, failing) => {
  const newest: SentHook[] = Array.from(sendings).map((one, event) => ({
    event,
    key: 'k',
    arrived: one === 'a',
    body: {},
  }));
  expect(isFailing(newest)).toBe(failing);
});
