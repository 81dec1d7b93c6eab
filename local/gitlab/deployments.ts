import type { AccessToken } from './credentials.ts';
import { ApiError } from './api/call.ts';
import type { Commit, Deployment, Environment, GitlabWorld, Job, Project } from './world.ts';

/** Deployments and environments: those that CI jobs make, and those that are made by API. */

/** Finds it by its name, or makes it. */
export const environmentOf = (world: GitlabWorld, project: Project, name: string): Environment => {
  const known = project.environments.find((environment) => environment.name === name);
  if (known !== undefined) return known;
  const environment = { id: world.ids.next('environment'), name, externalUrl: null, createdAt: world.clock.now() };
  project.environments.push(environment);
  return environment;
};

/** What a job with an environment makes once it runs. Its status is the job's. */
export const deployByJob = (world: GitlabWorld, job: Job): void => {
  const { project, sha, ref, tag } = job.pipeline;
  if (job.environment === undefined || job.startedAt === undefined) return;
  if (project.deployments.some((deployment) => deployment.job === job)) return;
  const environment = environmentOf(world, project, job.environment);
  const now = world.clock.now();
  const deployment = { ...newIds(world, project), environment, sha, ref, tag, status: job.status };
  project.deployments.push({ ...deployment, job, user: undefined, createdAt: now, updatedAt: now });
};

const newIds = (world: GitlabWorld, project: Project) => ({
  id: world.ids.next('deployment'),
  iid: project.deployments.length + 1,
});

export const statusOf = ({ job, status }: Deployment): string => job?.status ?? status;

/** A status by API, and the event of GitLab's state machine that leads to it. */
const transitions: Record<string, { event: string; from: (status: string) => boolean }> = {
  running: { event: 'run', from: (status) => status === 'created' },
  success: { event: 'succeed', from: (status) => status !== 'success' },
  failed: { event: 'drop', from: (status) => status !== 'failed' },
  canceled: { event: 'cancel', from: (status) => status !== 'canceled' },
};

/** Raises ApiError 400 for a status that cannot follow, the same once more too. */
export const moveDeployment = (world: GitlabWorld, deployment: Deployment, status: string): void => {
  const transition = transitions[status];
  if (transition?.from(deployment.status) !== true) {
    const message = { status: [`cannot transition via "${transition?.event ?? status}"`] };
    throw new ApiError(400, { message });
  }
  deployment.status = status;
  deployment.updatedAt = world.clock.now();
};

export interface DeploymentSeed {
  environment: string;
  commit: Commit;
  ref: string;
  tag: boolean;
  status: string;
  token: AccessToken;
}

/** One that is made by API: no two requests are the same to it. */
export const addDeployment = (world: GitlabWorld, project: Project, seed: DeploymentSeed): Deployment => {
  const { commit, ref, tag, status, token } = seed;
  const now = world.clock.now();
  const deployment: Deployment = {
    ...newIds(world, project),
    ...{ environment: environmentOf(world, project, seed.environment), sha: commit.sha, ref, tag },
    ...{ status: 'created', job: undefined, user: token, createdAt: now, updatedAt: now },
  };
  moveDeployment(world, deployment, status);
  project.deployments.push(deployment);
  return deployment;
};
