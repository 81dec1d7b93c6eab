import { latestJobs } from '../ci.ts';
import { hookDate, hookDateOrNull, secondsBetween } from '../dates.ts';
import { isProtected } from '../repository.ts';
import { isAtLeast, type Instance, type Job, type MergeRequest, type Pipeline } from '../world.ts';
import { hookCommit, hookProject, hookRunner, hookUser, webUrl } from './people-and-projects.ts';

const labels: Record<string, string> = { success: 'passed', manual: 'blocked', canceled: 'canceled' };

/** What people are shown; GitLab translates it, so no one should decide by it. */
export const statusLabel = (status: string): string => labels[status] ?? status;

const attributes = (instance: Instance, pipeline: Pipeline) => ({
  id: pipeline.id,
  iid: pipeline.iid,
  name: null,
  // The *source* ref: in a merge request pipeline the branch's bare name, also when it is a fork's.
  ref: pipeline.mergeRequest?.sourceBranch ?? pipeline.ref,
  tag: pipeline.tag,
  sha: pipeline.sha,
  before_sha: pipeline.beforeSha,
  source: pipeline.source,
  status: pipeline.status,
  detailed_status: statusLabel(pipeline.status),
  stages: [...new Set(latestJobs(pipeline).map(({ stage }) => stage))],
  created_at: hookDate(instance, pipeline.createdAt),
  finished_at: hookDateOrNull(instance, pipeline.finishedAt),
  duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
  queued_duration: secondsBetween(pipeline.createdAt, pipeline.startedAt),
  // Since about 18.5: https://gitlab.com/gitlab-org/gitlab/-/merge_requests/204218
  ...(isAtLeast(instance, 18, 5) ? { protected_ref: isProtected(pipeline.project, pipeline.ref, pipeline.tag) } : {}),
  variables: [],
  url: `${webUrl(instance, pipeline.project)}/-/pipelines/${pipeline.id}`,
});

const mergeRequestOf = (instance: Instance, pipeline: Pipeline, request: MergeRequest) => ({
  id: request.id,
  iid: request.iid,
  title: `Merge ${request.sourceBranch}`,
  source_branch: request.sourceBranch,
  source_project_id: request.sourceProject,
  target_branch: request.targetBranch,
  target_project_id: pipeline.project.id,
  state: 'opened',
  merge_status: 'can_be_merged',
  detailed_merge_status: 'mergeable',
  url: `${webUrl(instance, pipeline.project)}/-/merge_requests/${request.iid}`,
});

const build = (instance: Instance, job: Job) => ({
  id: job.id,
  stage: job.stage,
  name: job.name,
  status: job.status,
  created_at: hookDate(instance, job.createdAt),
  started_at: hookDateOrNull(instance, job.startedAt),
  finished_at: hookDateOrNull(instance, job.finishedAt),
  duration: secondsBetween(job.startedAt, job.finishedAt),
  queued_duration: secondsBetween(job.createdAt, job.startedAt),
  failure_reason: job.status === 'failed' ? 'script_failure' : null,
  when: job.manual ? 'manual' : 'on_success',
  manual: job.manual,
  allow_failure: job.allowFailure,
  user: hookUser,
  runner: job.startedAt === undefined ? null : hookRunner,
  artifacts_file: { filename: null, size: null },
  environment: job.environment === undefined ? null : environmentOf(job.environment),
});

const environmentOf = (name: string) => ({ name, action: 'start', deployment_tier: name });

/** Which pipeline started this one; only downstream pipelines have it. */
export const sourcePipeline = (instance: Instance, { parent }: Pipeline) =>
  parent === undefined
    ? {}
    : {
        source_pipeline: {
          project: {
            id: parent.pipeline.project.id,
            web_url: webUrl(instance, parent.pipeline.project),
            path_with_namespace: parent.pipeline.project.path,
          },
          job_id: parent.bridge,
          pipeline_id: parent.pipeline.id,
        },
      };

/**
 * The body of a Pipeline Hook, from what the pipeline is now. Jobs that were retried are left out.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events
 */
export const buildPipelineHook = (instance: Instance, pipeline: Pipeline) => {
  const { project, mergeRequest } = pipeline;
  const commit = project.commits.get(pipeline.sha);
  return {
    object_kind: 'pipeline',
    object_attributes: attributes(instance, pipeline),
    merge_request: mergeRequest === undefined ? null : mergeRequestOf(instance, pipeline, mergeRequest),
    user: hookUser,
    project: hookProject(instance, project),
    commit: commit === undefined ? null : hookCommit(instance, project, commit),
    builds: latestJobs(pipeline).map((job) => build(instance, job)),
    ...sourcePipeline(instance, pipeline),
  };
};
