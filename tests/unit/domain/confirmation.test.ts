import { judgeAnswer } from '../../../lib/domain/confirmation.ts';
import {
  finishedAt,
  jobCause,
  jobFacts,
  jobTarget,
  operatorCause,
  pipelineCause,
  pipelineFacts,
  sha,
  tagTarget,
  target,
  without,
} from '../../support/samples.ts';

const pipeline = (change: Parameters<typeof pipelineFacts>[0] = {}) => ({ ...pipelineFacts(change), sha });

describe('a pipeline cause', () => {
  test('is confirmed with what GitLab says, not with what the hook said', () => {
    const answer = { pipeline: pipeline({ finishedAt: '2026-01-05T09:40:30Z' }) };
    expect(judgeAnswer(target(), pipelineCause, answer)).toEqual({
      state: 'confirmed',
      confirmation: {
        sha,
        ref: 'main',
        tag: false,
        pipeline: 90001,
        askedAt: '2026-01-05T09:40:30Z',
        key: [90001, 1_767_606_030],
      },
    });
  });

  test.each([
    'created',
    'waiting_for_resource',
    'preparing',
    'pending',
    'running',
    'manual',
    'scheduled',
    'unheard_of',
  ])('that is %s is asked about again', (status) => {
    expect(judgeAnswer(target(), pipelineCause, { pipeline: pipeline({ status }) }).state).toBe('unsettled');
  });

  test.each(['failed', 'canceled', 'skipped'])('that is %s is contradicted for good', (status) => {
    expect(judgeAnswer(target(), pipelineCause, { pipeline: pipeline({ status }) })).toEqual({
      state: 'contradicted',
      because: `GitLab says the pipeline is ${status}`,
    });
  });

  test('that succeeded without a finish is asked about again', () => {
    expect(judgeAnswer(target(), pipelineCause, { pipeline: without(pipeline(), 'finishedAt') })).toEqual({
      state: 'unsettled',
      because: 'the pipeline has no finish yet',
    });
  });

  test.each([
    ['a merge request', { mergeRequest: true }],
    ['another source', { source: 'schedule' }],
    ['a child pipeline', { source: 'parent_pipeline' }],
    ['another branch', { ref: 'develop' }],
    ['a tag called like the branch', { tag: true }],
  ])('that GitLab knows as %s is contradicted, whatever its status', (_what, change) => {
    expect(judgeAnswer(target(), pipelineCause, { pipeline: pipeline(change) }).state).toBe('contradicted');
    expect(judgeAnswer(target(), pipelineCause, { pipeline: pipeline({ ...change, status: 'running' }) }).state).toBe(
      'contradicted',
    );
  });

  test('on a tag fits a tag target only', () => {
    const answer = { pipeline: pipeline({ ref: 'v1', tag: true }) };
    expect(judgeAnswer(tagTarget(), pipelineCause, answer).state).toBe('confirmed');
    expect(judgeAnswer(target(), pipelineCause, answer).state).toBe('contradicted');
  });
});

describe("an operator's cause", () => {
  test.each(['success', 'failed', 'running', 'manual'])(
    "is confirmed by the operator's word while the pipeline is %s, and has no key of its own",
    (status) => {
      expect(judgeAnswer(target(), operatorCause, { pipeline: pipeline({ status }) })).toEqual({
        state: 'confirmed',
        confirmation: { sha, ref: 'main', tag: false, pipeline: 90001, askedAt: operatorCause.at, key: [] },
      });
    },
  );

  test.each([
    ['a merge request', { mergeRequest: true }],
    ['a source that is not allowed', { source: 'schedule' }],
    ['another branch', { ref: 'feature' }],
    ['a tag of that name', { tag: true }],
  ])('is contradicted by %s, as every cause is', (_what, change) => {
    for (const on of [target(), jobTarget()])
      expect(judgeAnswer(on, operatorCause, { pipeline: pipeline(change) }).state).toBe('contradicted');
  });
});

describe('a job cause', () => {
  test.each(['running', 'failed', 'success', 'manual'])(
    'counts by its own status while its pipeline is %s',
    (status) => {
      const unfinished = without(pipeline({ status }), 'finishedAt');
      expect(judgeAnswer(jobTarget(), jobCause, { pipeline: unfinished, job: jobFacts() })).toMatchObject({
        state: 'confirmed',
        confirmation: { askedAt: finishedAt, key: [90001, 700001, 1_767_606_000] },
      });
    },
  );

  test.each([
    ['has failed', { status: 'failed' }, 'GitLab says the job is failed'],
    ['has another name', { name: 'deploy-staging' }, 'the job is another'],
    ['ran on another branch', { ref: 'develop' }, 'its branch or tag is another'],
    ['ran in another pipeline', { pipeline: 90002 }, 'the job belongs to another pipeline'],
    ['is another job', { job: 700002 }, 'the job belongs to another pipeline'],
  ])('is contradicted when the job %s', (_what, change, because) => {
    const answer = { pipeline: pipeline(), job: jobFacts(change) };
    expect(judgeAnswer(jobTarget(), jobCause, answer)).toEqual({ state: 'contradicted', because });
  });

  test.each([
    ['a merge request', { mergeRequest: true }],
    ['a schedule', { source: 'schedule' }],
    ['another branch', { ref: 'develop' }],
  ])('is contradicted when its pipeline is of %s: a job does not say so itself', (_what, change) => {
    const answer = { pipeline: pipeline(change), job: jobFacts() };
    expect(judgeAnswer(jobTarget(), jobCause, answer).state).toBe('contradicted');
  });

  test('is asked about again while the job runs', () => {
    const answer = { pipeline: pipeline(), job: jobFacts({ status: 'running' }) };
    expect(judgeAnswer(jobTarget(), jobCause, answer).state).toBe('unsettled');
  });

  test('is contradicted when the target waits for a pipeline, or GitLab knows no job', () => {
    expect(judgeAnswer(target(), jobCause, { pipeline: pipeline(), job: jobFacts() }).state).toBe('contradicted');
    expect(judgeAnswer(jobTarget(), jobCause, { pipeline: pipeline() })).toEqual({
      state: 'contradicted',
      because: 'GitLab knows no such job',
    });
  });
});
