import { deployByJob } from './deployments.ts';
import { addCommit, pushCommit, refs, zeroSha } from './repository.ts';
import type { Commit, GitlabWorld, Job, MergeRequest, Pipeline, Project } from './world.ts';

/** What pipelines and jobs do. Sends nothing: whoever calls fires the hooks. */

/** What a job is when it begins. */
export interface JobSeed {
  name: string;
  stage?: string | undefined;
  /** `when: manual`: waits to be played */
  manual?: boolean | undefined;
  /** default: true for a manual job, else false */
  allowFailure?: boolean | undefined;
  status?: string | undefined;
  environment?: string | undefined;
}

export interface PipelineSeed {
  ref: string;
  tag?: boolean | undefined;
  sha?: string | undefined;
  source?: string | undefined;
  status?: string | undefined;
  jobs?: readonly JobSeed[] | undefined;
  mergeRequest?: MergeRequest | undefined;
  parent?: Pipeline | undefined;
  /** world seconds in which the API does not know the pipeline yet */
  apiLag?: number | undefined;
}

/** Statuses from which nothing more happens by itself. */
const finished = new Set(['success', 'failed', 'canceled', 'skipped']);

/** Jobs take a minute, pipelines 20 seconds more: worlds whose time stands still would show nothing else than 0. */
const jobTime = 60_000;
const pipelineTime = 80_000;

export const latestJobs = (pipeline: Pipeline): Job[] => pipeline.jobs.filter(({ retried }) => !retried);

/**
 * A manual job that may fail is left out until it is played; one that may not blocks the pipeline.
 * https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs
 */
const statusOfJobs = (jobs: readonly Job[]): string => {
  const counted = jobs.filter(
    ({ allowFailure, status }) => !(allowFailure && (status === 'manual' || finished.has(status))),
  );
  const has = (status: string): boolean => counted.some((job) => job.status === status);
  const first = ['running', 'pending', 'failed', 'canceled', 'manual', 'created'].find(has);
  return first ?? 'success';
};

/** In a failed pipeline its last job failed, in a running one the last runs, in any other all are as it is. */
const defaultJobStatus = (pipelineStatus: string, isLast: boolean): string =>
  !isLast && (pipelineStatus === 'failed' || pipelineStatus === 'running') ? 'success' : pipelineStatus;

const setJobStatus = (world: GitlabWorld, job: Job, status: string): void => {
  const now = world.clock.now();
  job.status = status;
  if (status === 'running') job.startedAt = now;
  if (status === 'success' || status === 'failed' || status === 'canceled') {
    job.startedAt ??= now - jobTime;
    job.finishedAt = now;
  }
  deployByJob(world, job);
};

const addJob = (world: GitlabWorld, pipeline: Pipeline, seed: JobSeed & { status: string; retries?: number }): Job => {
  const now = world.clock.now();
  const manual = seed.manual ?? false;
  const job: Job = {
    id: world.ids.next('job'),
    pipeline,
    name: seed.name,
    stage: seed.stage ?? 'test',
    status: 'created',
    manual,
    allowFailure: seed.allowFailure ?? manual,
    environment: seed.environment,
    createdAt: seed.retries === undefined ? pipeline.createdAt : now,
    startedAt: undefined,
    finishedAt: undefined,
    retries: seed.retries ?? 0,
    retried: false,
  };
  setJobStatus(world, job, seed.status);
  pipeline.jobs.push(job);
  return job;
};

const setPipelineStatus = (world: GitlabWorld, pipeline: Pipeline, status: string): void => {
  const now = world.clock.now();
  pipeline.status = status;
  pipeline.updatedAt = now;
  if (status === 'running') pipeline.startedAt ??= now;
  if (status !== 'success' && status !== 'failed' && status !== 'canceled') return;
  pipeline.startedAt ??= now - jobTime;
  // Receivers compare whole seconds; in GitLab no pipeline succeeds twice within one.
  pipeline.finishedAt = Math.max(now, (pipeline.finishedAt ?? 0) + 1000);
  pipeline.updatedAt = pipeline.finishedAt;
};

const defaultJobs: readonly JobSeed[] = [
  { name: 'build', stage: 'build' },
  { name: 'test', stage: 'test' },
];

const addJobs = (world: GitlabWorld, pipeline: Pipeline, seed: PipelineSeed): void => {
  const jobs = seed.jobs ?? defaultJobs;
  const last = jobs.findLastIndex(({ manual }) => manual !== true);
  for (const [index, job] of jobs.entries()) {
    const byPipeline = defaultJobStatus(seed.status ?? 'success', index === last);
    addJob(world, pipeline, { ...job, status: job.status ?? (job.manual === true ? 'manual' : byPipeline) });
  }
};

const sourceOf = ({ source, mergeRequest, parent }: PipelineSeed): string => {
  if (source !== undefined) return source;
  if (mergeRequest !== undefined) return 'merge_request_event';
  return parent === undefined ? 'push' : 'parent_pipeline';
};

/** The head of the ref, or `sha`. A merge request's commit is on no branch of this project. */
const commitOf = (world: GitlabWorld, project: Project, seed: PipelineSeed): Commit => {
  const tag = seed.tag ?? false;
  if (seed.mergeRequest !== undefined) return addCommit(world, project, { parent: zeroSha, sha: seed.sha });
  const head = seed.sha ?? refs(project, tag).get(seed.ref);
  const known = head === undefined ? undefined : project.commits.get(head);
  return known ?? pushCommit(world, project, { ref: seed.ref, tag, sha: head });
};

const newPipeline = (world: GitlabWorld, project: Project, seed: PipelineSeed): Pipeline => {
  const now = world.clock.now();
  const tag = seed.tag ?? false;
  const commit = commitOf(world, project, seed);
  return {
    id: world.ids.next('pipeline'),
    iid: project.pipelines.length + 1,
    project,
    ref: seed.mergeRequest === undefined ? seed.ref : `refs/merge-requests/${seed.mergeRequest.iid}/head`,
    tag,
    sha: commit.sha,
    beforeSha: tag || seed.mergeRequest !== undefined ? zeroSha : commit.parent,
    source: sourceOf(seed),
    status: 'created',
    createdAt: now - pipelineTime,
    updatedAt: now,
    startedAt: undefined,
    finishedAt: undefined,
    mergeRequest: seed.mergeRequest,
    // The bridge job that started it; bridges are no builds, so no list shows them.
    parent: seed.parent === undefined ? undefined : { pipeline: seed.parent, bridge: world.ids.next('job') },
    jobs: [],
    apiKnowsAt: now + (seed.apiLag ?? 0) * 1000,
  };
};

/** A pipeline as it is after it has run, or, with another `status`, on its way. A ref that is not there yet is pushed. */
export const runPipeline = (world: GitlabWorld, project: Project, seed: PipelineSeed): Pipeline => {
  const pipeline = newPipeline(world, project, seed);
  project.pipelines.push(pipeline);
  addJobs(world, pipeline, seed);
  setPipelineStatus(world, pipeline, seed.status ?? statusOfJobs(pipeline.jobs));
  return pipeline;
};

/** Ends what is on its way. The jobs that were not played yet stay as they are. Returns the jobs that ended. */
export const finishPipeline = (world: GitlabWorld, pipeline: Pipeline, status: string): Job[] => {
  const open = latestJobs(pipeline).filter((job) => !finished.has(job.status) && job.status !== 'manual');
  for (const [index, job] of open.entries()) {
    setJobStatus(world, job, defaultJobStatus(status, index === open.length - 1));
  }
  setPipelineStatus(world, pipeline, status);
  return open;
};

const startJob = (world: GitlabWorld, job: Job): void => {
  setJobStatus(world, job, 'running');
  setPipelineStatus(world, job.pipeline, 'running');
};

/** Starts a manual job: it keeps its id, and its pipeline runs again. */
export const playJob = (world: GitlabWorld, job: Job): void => {
  if (job.status !== 'manual') throw new Error(`job ${job.id} is ${job.status}: only a manual one can be played`);
  startJob(world, job);
};

/** Starts a finished job anew: a new job with a new id takes its place, in the same pipeline. */
export const retryJob = (world: GitlabWorld, job: Job): Job => {
  if (job.retried || !finished.has(job.status)) throw new Error(`job ${job.id} is not retryable`);
  job.retried = true;
  const { name, stage, manual, allowFailure, environment } = job;
  const seed = { name, stage, manual, allowFailure, environment, status: 'created', retries: job.retries + 1 };
  const again = addJob(world, job.pipeline, seed);
  startJob(world, again);
  return again;
};

/** Ends one job; its pipeline's status follows from its jobs. */
export const finishJob = (world: GitlabWorld, job: Job, status: string): void => {
  setJobStatus(world, job, status);
  setPipelineStatus(world, job.pipeline, statusOfJobs(latestJobs(job.pipeline)));
};
