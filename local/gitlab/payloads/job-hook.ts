import { hookDate, hookDateOrNull, secondsBetween, secondsDateOrNull } from '../dates.ts';
import type { Instance, Job, Pipeline } from '../world.ts';
import { hookProject, hookRunner, hookUser, namespaceOf, nameOf, sshUrl, user, webUrl } from './people-and-projects.ts';
import { sourcePipeline } from './pipeline-hook.ts';

const commitOf = (instance: Instance, pipeline: Pipeline) => ({
  // GitLab's own oddity: the pipeline's id, not the commit's.
  id: pipeline.id,
  name: null,
  sha: pipeline.sha,
  message: `${pipeline.project.commits.get(pipeline.sha)?.title ?? ''}\n`,
  author_name: user.name,
  author_email: user.email,
  author_url: `${instance.url}/${user.username}`,
  status: pipeline.status,
  duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
  started_at: hookDateOrNull(instance, pipeline.startedAt),
  finished_at: hookDateOrNull(instance, pipeline.finishedAt),
  started_at_iso: secondsDateOrNull(pipeline.startedAt),
  finished_at_iso: secondsDateOrNull(pipeline.finishedAt),
});

const times = (instance: Instance, job: Job) => ({
  build_created_at: hookDate(instance, job.createdAt),
  build_started_at: hookDateOrNull(instance, job.startedAt),
  build_finished_at: hookDateOrNull(instance, job.finishedAt),
  build_created_at_iso: secondsDateOrNull(job.createdAt),
  build_started_at_iso: secondsDateOrNull(job.startedAt),
  build_finished_at_iso: secondsDateOrNull(job.finishedAt),
  build_duration: secondsBetween(job.startedAt, job.finishedAt),
  build_queued_duration: secondsBetween(job.createdAt, job.startedAt),
});

const repository = (instance: Instance, { project }: Pipeline) => ({
  name: nameOf(project),
  url: sshUrl(instance, project),
  description: null,
  homepage: webUrl(instance, project),
  git_http_url: `${webUrl(instance, project)}.git`,
  git_ssh_url: sshUrl(instance, project),
  visibility_level: 0,
});

/**
 * The body of a Job Hook, from what the job is now. Its `object_kind` is `build`.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#job-events
 */
export const buildJobHook = (instance: Instance, job: Job) => {
  const { pipeline } = job;
  const { project } = pipeline;
  return {
    object_kind: 'build',
    // Unlike a pipeline hook's ref: refs/merge-requests/N/head in a merge request pipeline.
    ref: pipeline.ref,
    tag: pipeline.tag,
    before_sha: pipeline.beforeSha,
    sha: pipeline.sha,
    retries_count: job.retries,
    build_id: job.id,
    build_name: job.name,
    build_stage: job.stage,
    build_status: job.status,
    ...times(instance, job),
    build_allow_failure: job.allowFailure,
    build_failure_reason: job.status === 'failed' ? 'script_failure' : 'unknown_failure',
    pipeline_id: pipeline.id,
    runner: job.startedAt === undefined ? null : hookRunner,
    project_id: project.id,
    project_name: `${namespaceOf(project)} / ${nameOf(project)}`,
    user: hookUser,
    commit: commitOf(instance, pipeline),
    repository: repository(instance, pipeline),
    project: hookProject(instance, project),
    environment: job.environment === undefined ? null : { name: job.environment, action: 'start' },
    ...sourcePipeline(instance, pipeline),
  };
};
