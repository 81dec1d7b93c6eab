import { gitlabLists } from '../../lib/adapters/gitlab/gitlab-lists.ts';
import type { JobFacts, PipelineFacts } from '../../lib/domain/plan-deployments.ts';
import type { GitlabLists } from '../../lib/ports/gitlab.ts';
import { virtualClock, type VirtualClock } from '../../local/clock.ts';
import type { GitlabControl, PipelineView } from '../../local/gitlab/control.ts';
import { startGitlab, type Gitlab } from '../../local/gitlab/server.ts';
import { memoryGitlabLists } from '../support/memory-gitlab-lists.ts';
import { project } from '../support/samples.ts';

/** One meaning, twice: GitLab's lists by the adapter, before the double, and in memory. */

let clock: VirtualClock;
let gitlab: Gitlab;
let control: GitlabControl;
let seen: PipelineView[];

beforeEach(async () => {
  clock = virtualClock();
  gitlab = await startGitlab({ clock, seed: 7 });
  ({ control } = gitlab);
  await control.createProject({ id: project, path: 'acme/web' });
  seen = [];
});
afterEach(() => gitlab.close());

type Run = Parameters<GitlabControl['runPipeline']>[0];

const run = async (change: Partial<Run> = {}): Promise<PipelineView> => {
  clock.advance(60_000);
  const view = await control.runPipeline({ project, ...change });
  seen.push(view);
  return view;
};
const again = async (act: Promise<PipelineView>): Promise<void> => {
  const view = await act;
  seen = seen.map((one) => (one.id === view.id ? view : one));
};

const byAdapter = (): GitlabLists =>
  gitlabLists(() => {
    const registry = { host: gitlab.registryHost, username: 'drawbridge', password: gitlab.token };
    return Promise.resolve({ url: gitlab.url, token: gitlab.token, registry });
  });

const seconds = (date: string | null): string => (date ?? '').replace(/\.\d+Z$/, 'Z');

/** The same world, as the control told of it. */
const inMemory = (): GitlabLists => {
  const pipelines = new Map<number, PipelineFacts>();
  const jobs = new Map<number, JobFacts>();
  for (const { id, ref, tag, source, status, finishedAt, jobs: its } of seen) {
    const of = { project, pipeline: id, ref, tag };
    const mergeRequest = source === 'merge_request_event';
    const shownRef = mergeRequest ? 'refs/merge-requests/1/head' : ref;
    pipelines.set(id, { ...of, ref: shownRef, source, status, mergeRequest, finishedAt: seconds(finishedAt) });
    for (const job of its)
      jobs.set(job.id, { ...of, job: job.id, name: job.name, status: job.status, finishedAt: seconds(job.finishedAt) });
  }
  return memoryGitlabLists({ pipelines, jobs });
};

/** What both answer, which is the same. */
const both = async <T>(ask: (lists: GitlabLists) => Promise<T>): Promise<T> => {
  const answer = await ask(byAdapter());
  expect(await ask(inMemory())).toEqual(answer);
  return answer;
};

const idsOf = async (of: Parameters<GitlabLists['succeededPipelines']>[1]): Promise<number[]> => {
  const answer = await both((lists) => lists.succeededPipelines(project, of, 1));
  return answer.state === 'found' ? answer.value.items.map(({ pipeline }) => pipeline) : [];
};

test('the pipelines of a ref that succeeded: newest first, no child, no other ref', async () => {
  const first = await run();
  await run({ status: 'failed' });
  await run({ ref: 'topic' });
  await run({ parent: first.id });
  const last = await run({ source: 'web' });
  expect(await idsOf({ ref: 'main' })).toEqual([last.id, first.id]);
});

test("a pipeline in our words; a merge request's is not on the branch that its hook names", async () => {
  const { id, finishedAt } = await run();
  await run({ ref: 'main', mergeRequest: { iid: 1, sourceProject: 77 } });
  const answer = await both((lists) => lists.succeededPipelines(project, {}, 1));
  const of = { project, status: 'success' };
  expect(answer).toMatchObject({
    state: 'found',
    value: {
      items: [
        { ...of, ref: 'refs/merge-requests/1/head', source: 'merge_request_event', mergeRequest: true },
        { ...of, pipeline: id, ref: 'main', source: 'push', mergeRequest: false, updatedAt: seconds(finishedAt) },
      ],
    },
  });
});

test('of each tag the newest pipeline, if that succeeded', async () => {
  const first = await run({ ref: 'v1', tag: true });
  await run({ ref: 'v2', tag: true });
  await run({ ref: 'v2', tag: true, status: 'failed' });
  const third = await run({ ref: 'v3', tag: true });
  await run();
  expect(await idsOf({ scope: 'tags' })).toEqual([third.id, first.id]);
});

test('jobs that succeeded, newest first, and the pipeline that each is of', async () => {
  const one = await run({ jobs: [{ name: 'build' }, { name: 'deploy-prod', manual: true }] });
  await run({ jobs: [{ name: 'build', status: 'failed' }] });
  const two = await run({ source: 'schedule', jobs: [{ name: 'build' }] });
  clock.advance(60_000);
  const manual = one.jobs.find(({ name }) => name === 'deploy-prod')?.id ?? 0;
  await again(control.playJob({ project, job: manual }));
  const answer = await both((lists) => lists.succeededJobs(project, 1));
  if (answer.state !== 'found') throw new Error(answer.state);
  expect(answer.value.items.map(({ job, pipeline }) => [job.name, job.pipeline, pipeline.source])).toEqual([
    ['build', two.id, 'schedule'],
    ['deploy-prod', one.id, 'push'],
    ['build', one.id, 'push'],
  ]);
});

test('a hundred to a page, and which comes next', async () => {
  for (let n = 0; n < 103; n += 1) await run({ jobs: [{ name: 'build' }] });
  const first = await both((lists) => lists.succeededPipelines(project, { ref: 'main' }, 1));
  expect(first).toMatchObject({ state: 'found', value: { next: 2 } });
  const second = await both((lists) => lists.succeededPipelines(project, { ref: 'main' }, 2));
  if (second.state !== 'found') throw new Error(second.state);
  expect(second.value.items).toHaveLength(3);
  expect(second.value.next).toBeUndefined();
  expect(await both((lists) => lists.succeededJobs(project, 2))).toMatchObject({ value: { items: [{}, {}, {}] } });
}, 20_000);

test('what GitLab wants to be asked again later, and a project that it does not know', async () => {
  const route = 'GET /projects/4711/**';
  await control.setFault({ route, fault: { kind: 'rate limit', retryAfter: 7 } });
  expect(await byAdapter().succeededJobs(project, 1)).toEqual({
    state: 'unavailable',
    because: 'GitLab answered 429',
    retryAfter: 7,
  });
  expect(await byAdapter().succeededPipelines(1, {}, 1)).toEqual({ state: 'missing' });
  await control.setFault({ route, fault: { kind: 'error', status: 503 } });
  expect(await byAdapter().succeededPipelines(project, {}, 1)).toEqual({
    state: 'unavailable',
    because: 'GitLab answered 503',
  });
});
