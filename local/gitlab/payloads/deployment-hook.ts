import { apiDate } from '../dates.ts';
import type { Instance, Job } from '../world.ts';
import { commitUrl, hookProjectWithOldFields, hookUser, user, webUrl } from './people-and-projects.ts';

/**
 * The body of the Deployment Hook that a job with an environment causes. Drawbridge has no use for it.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events
 */
export const buildDeploymentHook = (instance: Instance, job: Job, deployment: { id: number; environment: string }) => {
  const { project, sha, ref } = job.pipeline;
  return {
    object_kind: 'deployment',
    status: job.status,
    status_changed_at: apiDate(job.finishedAt ?? job.createdAt),
    deployment_id: deployment.id,
    deployable_id: job.id,
    deployable_url: `${webUrl(instance, project)}/-/jobs/${job.id}`,
    environment: deployment.environment,
    environment_tier: deployment.environment,
    environment_slug: deployment.environment,
    environment_external_url: null,
    project: hookProjectWithOldFields(instance, project),
    short_sha: sha.slice(0, 8),
    ref,
    user: hookUser,
    user_url: `${instance.url}/${user.username}`,
    commit_url: commitUrl(instance, project, sha),
    commit_title: project.commits.get(sha)?.title ?? null,
  };
};
