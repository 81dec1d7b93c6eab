import fc from 'fast-check';
import {
  jobMisfit,
  originMisfit,
  pipelineMisfit,
  planDeployments,
  type HookFacts,
} from '../../../lib/domain/plan-deployments.ts';
import type { Target } from '../../../lib/domain/target.ts';
import { fuzzLimit, fuzzRuns } from '../../support/fuzz.ts';
import {
  finishedAt,
  imageTarget,
  jobFacts,
  jobTarget,
  pipelineFacts,
  project,
  tagTarget,
  target,
  without,
} from '../../support/samples.ts';

const pipeline = (change: Parameters<typeof pipelineFacts>[0] = {}): HookFacts => ({
  kind: 'pipeline',
  ...pipelineFacts(change),
});
const job = (change: Parameters<typeof jobFacts>[0] = {}): HookFacts => ({ kind: 'job', ...jobFacts(change) });
const names = (facts: HookFacts, ...targets: Target[]) =>
  planDeployments(facts, targets).map((planned) => planned.target.name);

describe('a successful pipeline', () => {
  test('deploys the target on its branch', () => {
    expect(planDeployments(pipeline(), [target()])).toEqual([
      { target: target(), cause: { kind: 'pipeline', project, pipeline: 90001, finishedAt } },
    ]);
  });

  test('deploys each target that asks for it, and no other', () => {
    const targets = [
      target({ name: 'web' }),
      target({ name: 'api' }),
      target({ name: 'staging', on: { kind: 'pipeline', ref: 'develop', sources: ['push'] } }),
      target({ name: 'elsewhere', project: 1 }),
      jobTarget({ name: 'by-job' }),
    ];
    expect(names(pipeline(), ...targets)).toEqual(['web', 'api']);
  });

  test('succeeding again is a cause of its own', () => {
    const [again] = planDeployments(pipeline({ finishedAt: '2026-01-05T10:00:00Z' }), [target()]);
    expect(again?.cause.finishedAt).toBe('2026-01-05T10:00:00Z');
  });
});

describe("GitLab's traps move nothing", () => {
  test.each<[string, Parameters<typeof pipelineFacts>[0]]>([
    [
      'a fork branch called main, arriving through a merge request',
      { mergeRequest: true, source: 'merge_request_event' },
    ],
    ['a merge request, whatever source it claims', { mergeRequest: true }],
    ['a child pipeline with its parent’s ref and sha', { source: 'parent_pipeline' }],
    ['a multi-project pipeline', { source: 'pipeline' }],
    ['a schedule', { source: 'schedule' }],
    ['a trigger token', { source: 'trigger' }],
    ['an external pipeline', { source: 'external' }],
    ['an external pull request', { source: 'external_pull_request_event' }],
    ['a pipeline started by hand', { source: 'web' }],
    ['a source that is not known yet', { source: 'something_new' }],
    ['a tag called like the branch', { tag: true }],
    ['another branch', { ref: 'main2' }],
    ['a branch that only begins alike', { ref: 'mai' }],
    ['another project', { project: 1 }],
    ['success without a finish', undefined],
  ])('%s', (_what, change) => {
    const unfinished = without(pipelineFacts(), 'finishedAt');
    const facts: HookFacts = change === undefined ? { kind: 'pipeline', ...unfinished } : pipeline(change);
    expect(names(facts, target())).toEqual([]);
  });

  test.each(['created', 'running', 'failed', 'canceled', 'canceling', 'skipped', 'manual', 'scheduled', 'Success', ''])(
    'a pipeline that is %p',
    (status) => {
      expect(names(pipeline({ status }), target())).toEqual([]);
    },
  );

  test('a branch called like the tag pattern', () => {
    expect(names(pipeline({ ref: 'v1.0' }), tagTarget())).toEqual([]);
    expect(names(pipeline({ ref: 'v1.0', tag: true }), tagTarget())).toEqual(['web']);
  });

  test('only a source that the target names, and then only that', () => {
    const scheduled = target({ on: { kind: 'pipeline', ref: 'main', sources: ['schedule'] } });
    expect(names(pipeline({ source: 'schedule' }), scheduled)).toEqual(['web']);
    expect(names(pipeline(), scheduled)).toEqual([]);
  });

  test('a merge request, even if the target names its source', () => {
    const open = target({ on: { kind: 'pipeline', ref: '*', sources: ['merge_request_event'] } });
    expect(names(pipeline({ source: 'merge_request_event', mergeRequest: true }), open)).toEqual([]);
  });
});

describe('a job', () => {
  test('played by hand deploys the target that waits for it', () => {
    const [planned] = planDeployments(job(), [target(), jobTarget({ name: 'by-job' })]);
    expect(planned?.target.name).toBe('by-job');
    expect(planned?.cause).toEqual({ kind: 'job', project, pipeline: 90001, job: 700001, finishedAt });
  });

  test.each([
    ['another job', { name: 'deploy-staging' }],
    ['a job that has not succeeded', { status: 'failed' }],
    ['a job that waits to be played', { status: 'manual' }],
    ['another branch', { ref: 'develop' }],
    ['a tag called like the branch', { tag: true }],
    ['another project', { project: 1 }],
  ])('%s moves nothing', (_what, change) => {
    expect(names(job(change), jobTarget())).toEqual([]);
  });
});

describe('why facts do not fit is told', () => {
  const { on } = target();

  test.each<[string, Parameters<typeof pipelineFacts>[0]]>([
    ['it is a merge request pipeline', { mergeRequest: true }],
    ['its source is schedule', { source: 'schedule' }],
    ['its branch or tag is another', { ref: 'develop' }],
  ])('%s', (reason, change) => {
    expect(pipelineMisfit(on, pipelineFacts(change))).toBe(reason);
    expect(originMisfit(jobTarget().on, pipelineFacts(change))).toBe(reason);
  });

  test.each<[string, Target, Parameters<typeof jobFacts>[0]]>([
    ['the target waits for a pipeline', target(), {}],
    ['the job is another', jobTarget(), { name: 'deploy-staging' }],
    ['its branch or tag is another', jobTarget(), { ref: 'develop' }],
  ])('of a job: %s', (reason, waiting, change) => {
    expect(jobMisfit(waiting.on, jobFacts(change))).toBe(reason);
  });

  test('a pipeline is not what a job target waits for', () => {
    expect(pipelineMisfit(jobTarget().on, pipelineFacts())).toBe('the target waits for a job');
  });

  test('neither a pipeline nor a job is what an image target waits for', () => {
    expect(pipelineMisfit(imageTarget().on, pipelineFacts())).toBe('the target waits for an image');
    expect(jobMisfit(imageTarget().on, jobFacts())).toBe('the target waits for an image');
    expect(names(pipeline(), imageTarget())).toEqual([]);
  });

  test('what fits has no reason', () => {
    expect(pipelineMisfit(on, pipelineFacts())).toBeUndefined();
    expect(jobMisfit(jobTarget().on, jobFacts())).toBeUndefined();
  });
});

const text = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }));
/** Mostly the words that fit each other, else anything at all. */
const mostly = (...words: string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: text });
const sources = fc.array(mostly('push', 'merge_request_event'), { maxLength: 3 });
const anyTrigger: fc.Arbitrary<Target['on']> = fc.oneof(
  fc.record({ kind: fc.constant('pipeline' as const), ref: mostly('main', '*'), sources }),
  fc.record({ kind: fc.constant('tag' as const), pattern: mostly('main', '*'), sources }),
  fc.record({ kind: fc.constant('job' as const), job: mostly('deploy-prod'), ref: mostly('main', '*'), sources }),
  fc.record({ kind: fc.constant('image' as const), repository: mostly('acme/web'), tag: mostly('main', '*') }),
);
const anyFacts = fc
  .record({
    project: fc.constantFrom(1, project),
    status: mostly('success'),
    ref: mostly('main'),
    tag: fc.boolean(),
    source: mostly('push', 'merge_request_event'),
    mergeRequest: fc.boolean(),
    name: mostly('deploy-prod'),
  })
  .chain((facts) => fc.constantFrom(pipeline(facts), job(facts)));

test(
  'whatever the facts: each planned deployment is of this project and its trigger, a success, and no merge request',
  () => {
    fc.assert(
      fc.property(anyFacts, fc.array(anyTrigger), (facts, triggers) => {
        const targets = triggers.map((on) => target({ on }));
        for (const { target: planned, cause } of planDeployments(facts, targets)) {
          expect([planned.project, cause.project]).toEqual([facts.project, facts.project]);
          expect([cause.kind, planned.on.kind === 'job']).toEqual([facts.kind, facts.kind === 'job']);
          expect(planned.on.kind).not.toBe('image');
          expect(facts.status).toBe('success');
          if (facts.kind === 'pipeline') expect(facts.mergeRequest).toBe(false);
        }
      }),
      fuzzRuns,
    );
  },
  fuzzLimit,
);
