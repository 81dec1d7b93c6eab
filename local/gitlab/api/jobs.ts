import { latestJobs } from '../ci.ts';
import { apiDate, apiDateOrNull, secondsBetween } from '../dates.ts';
import { hookRunner, webUrl } from '../payloads/people-and-projects.ts';
import type { GitlabWorld, Instance, Job } from '../world.ts';
import { ApiError, isKnown, jobOf, pipelineOf, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { basicPipeline } from './pipelines.ts';
import { commitView } from './repository.ts';
import { apiUser } from './user.ts';

const runner = {
  id: hookRunner.id,
  description: hookRunner.description,
  ip_address: null,
  active: true,
  paused: false,
  is_shared: true,
  runner_type: hookRunner.runner_type,
  name: 'gitlab-runner',
  online: true,
  status: 'online',
};

const timesOf = (job: Job) => ({
  created_at: apiDate(job.createdAt),
  started_at: apiDateOrNull(job.startedAt),
  finished_at: apiDateOrNull(job.finishedAt),
  erased_at: null,
  duration: secondsBetween(job.startedAt, job.finishedAt),
  queued_duration: secondsBetween(job.createdAt, job.startedAt),
});

const view = (instance: Instance, job: Job) => {
  const { pipeline } = job;
  const commit = pipeline.project.commits.get(pipeline.sha);
  return {
    id: job.id,
    status: job.status,
    stage: job.stage,
    name: job.name,
    ref: pipeline.ref,
    tag: pipeline.tag,
    coverage: null,
    allow_failure: job.allowFailure,
    ...timesOf(job),
    ...(job.status === 'failed' ? { failure_reason: 'script_failure' } : {}),
    user: { ...apiUser(instance), created_at: apiDate(pipeline.project.createdAt), bio: '', bot: false },
    commit: commit === undefined ? null : commitView(instance, pipeline.project, commit),
    pipeline: basicPipeline(instance, pipeline),
    web_url: `${webUrl(instance, pipeline.project)}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: true },
    artifacts: [],
    runner: job.startedAt === undefined ? null : runner,
    runner_manager: null,
    artifacts_expire_at: null,
    archived: false,
    tag_list: [],
  };
};

export const getJob =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: view(world.instance, jobOf(world, call)) });

const scopeOf = ({ query }: ApiCall): string[] => [...query.getAll('scope'), ...query.getAll('scope[]')];

/**
 * Newest first by id, retried ones too. GitLab pages it by keyset as well, and advises that for many pages; here there are offsets.
 * https://docs.gitlab.com/api/jobs/#list-project-jobs
 */
export const listProjectJobs =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const scope = scopeOf(call);
    const jobs = projectOf(world, call)
      .pipelines.filter((pipeline) => isKnown(world, pipeline))
      .flatMap((pipeline) => pipeline.jobs)
      .filter(({ status }) => scope.length === 0 || scope.includes(status))
      .toSorted((a, b) => b.id - a.id);
    return paged(call, jobs, (job) => view(world.instance, job));
  };

/** Newest first; retried ones only when asked for. https://docs.gitlab.com/api/jobs/#list-pipeline-jobs */
export const listPipelineJobs =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const pipeline = pipelineOf(world, call);
    const withRetried = call.query.get('include_retried') ?? 'false';
    if (!['true', 'false'].includes(withRetried)) throw new ApiError(400, { error: 'include_retried is invalid' });
    const scope = scopeOf(call);
    const jobs = (withRetried === 'true' ? pipeline.jobs : latestJobs(pipeline))
      .filter(({ status }) => scope.length === 0 || scope.includes(status))
      .toSorted((a, b) => b.id - a.id);
    return paged(call, jobs, (job) => view(world.instance, job));
  };
