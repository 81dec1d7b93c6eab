import { apiDate } from '../dates.ts';
import type { Deployment, Instance, Job, Project } from '../world.ts';
import { commitUrl, hookProjectWithOldFields, hookUser, user, webUrl } from './people-and-projects.ts';

const about = (instance: Instance, project: Project, { sha, ref }: { sha: string; ref: string }) => ({
  project: hookProjectWithOldFields(instance, project),
  short_sha: sha.slice(0, 8),
  ref,
  user: hookUser,
  user_url: `${instance.url}/${user.username}`,
  commit_url: commitUrl(instance, project, sha),
  commit_title: project.commits.get(sha)?.title ?? null,
});

/**
 * The body of the Deployment Hook that a job with an environment causes. Drawbridge has no use for it.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events
 */
export const buildDeploymentHook = (instance: Instance, job: Job, deployment: { id: number; environment: string }) => {
  const { project } = job.pipeline;
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
    ...about(instance, project, job.pipeline),
  };
};

/** The same for one that was made by API, Drawbridge's own among them: no job made it. */
export const buildApiDeploymentHook = (instance: Instance, project: Project, deployment: Deployment) => ({
  object_kind: 'deployment',
  status: deployment.status,
  status_changed_at: apiDate(deployment.updatedAt),
  deployment_id: deployment.id,
  deployable_id: null,
  deployable_url: null,
  environment: deployment.environment.name,
  environment_tier: 'other',
  environment_slug: deployment.environment.name,
  environment_external_url: deployment.environment.externalUrl,
  ...about(instance, project, deployment),
});
