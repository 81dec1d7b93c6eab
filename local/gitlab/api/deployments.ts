import { roles } from '../access-tokens.ts';
import { apiDate, apiDateOrNull } from '../dates.ts';
import { addDeployment, moveDeployment, statusOf } from '../deployments.ts';
import type { HookSender } from '../hook-sender.ts';
import { buildApiDeploymentHook } from '../payloads/deployment-hook.ts';
import type { Deployment, GitlabWorld, Instance, Project } from '../world.ts';
import { ApiError, integerParam, notFound, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { deploymentFields, statusField } from './deployment-fields.ts';
import { environmentView } from './environments.ts';
import { basicPipeline } from './pipelines.ts';
import { paged } from './paging.ts';
import { apiUser } from './user.ts';

/** https://docs.gitlab.com/api/deployments/ */

const final = new Set(['success', 'failed', 'canceled']);

const deployable = (instance: Instance, { job }: Deployment) =>
  job === undefined
    ? null
    : {
        id: job.id,
        status: job.status,
        stage: job.stage,
        name: job.name,
        ref: job.pipeline.ref,
        tag: job.pipeline.tag,
        finished_at: apiDateOrNull(job.finishedAt),
        pipeline: basicPipeline(instance, job.pipeline),
      };

const view = (instance: Instance, deployment: Deployment) => ({
  id: deployment.id,
  iid: deployment.iid,
  ref: deployment.ref,
  sha: deployment.sha,
  created_at: apiDate(deployment.createdAt),
  updated_at: apiDate(deployment.updatedAt),
  finished_at: final.has(statusOf(deployment)) ? apiDate(deployment.updatedAt) : null,
  status: statusOf(deployment),
  user:
    deployment.user === undefined
      ? apiUser(instance)
      : { ...apiUser(instance), id: deployment.user.userId, username: deployment.user.username },
  environment: environmentView(deployment.environment),
  deployable: deployable(instance, deployment),
});

/** What only a Developer may do: https://docs.gitlab.com/user/permissions/ */
export const developedProject = (world: GitlabWorld, call: ApiCall): Project => {
  const project = projectOf(world, call);
  if (call.token.accessLevel < roles.developer) throw new ApiError(403, { message: '403 Forbidden' });
  return project;
};

const deploymentOf = (project: Project, call: ApiCall): Deployment => {
  const id = integerParam(call, 'deployment_id');
  const found = project.deployments.find((deployment) => deployment.id === id);
  if (found === undefined) throw notFound();
  return found;
};

const orders: Record<string, (deployment: Deployment) => number | string> = {
  id: ({ id }) => id,
  iid: ({ iid }) => iid,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
  ref: ({ ref }) => ref,
};

/** GitLab refuses what its database could not answer fast. */
const checkQuery = ({ query }: ApiCall): void => {
  const order = query.get('order_by') ?? 'id';
  if (!Object.hasOwn(orders, order)) throw new ApiError(400, { error: 'order_by does not have a valid value' });
  if ((query.has('updated_after') || query.has('updated_before')) && order !== 'updated_at') {
    throw new ApiError(400, { message: '400 Bad request - `updated_at` filter requires `updated_at` sort' });
  }
};

const passes = (deployment: Deployment, { query }: ApiCall): boolean => {
  const [environment, status] = [query.get('environment'), query.get('status')];
  const [after, before] = [query.get('updated_after'), query.get('updated_before')];
  return (
    (environment === null || deployment.environment.name === environment) &&
    (status === null || statusOf(deployment) === status) &&
    (after === null || deployment.updatedAt > Date.parse(after)) &&
    (before === null || deployment.updatedAt < Date.parse(before))
  );
};

/** Oldest first unless the query says otherwise. */
export const listDeployments =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    checkQuery(call);
    const by = orders[call.query.get('order_by') ?? 'id'] ?? (({ id }: Deployment) => id);
    const chosen = projectOf(world, call)
      .deployments.filter((deployment) => passes(deployment, call))
      .toSorted((a, b) => (by(a) < by(b) ? -1 : 1));
    const inOrder = call.query.get('sort') === 'desc' ? chosen.toReversed() : chosen;
    return paged(call, inOrder, (deployment) => view(world.instance, deployment));
  };

export const getDeployment =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: view(world.instance, deploymentOf(projectOf(world, call), call)) });

const fire = (world: GitlabWorld, sender: HookSender, project: Project, deployment: Deployment): void => {
  // Its status is that of the change, whenever the hook leaves.
  const payload = buildApiDeploymentHook(world.instance, project, { ...deployment });
  sender.fire(project, 'deployment_events', () => payload);
};

export const createDeployment =
  (world: GitlabWorld, sender: HookSender): ApiHandler =>
  (call) => {
    const project = developedProject(world, call);
    const deployment = addDeployment(world, project, { ...deploymentFields(project, call), token: call.token });
    fire(world, sender, project, deployment);
    return { status: 201, body: view(world.instance, deployment) };
  };

export const updateDeployment =
  (world: GitlabWorld, sender: HookSender): ApiHandler =>
  (call) => {
    const status = statusField(call);
    const project = developedProject(world, call);
    const deployment = deploymentOf(project, call);
    if (deployment.job !== undefined) {
      const message = '403 Forbidden - Deployments created using GitLab CI can not be updated using the API';
      throw new ApiError(403, { message });
    }
    moveDeployment(world, deployment, status);
    fire(world, sender, project, deployment);
    return { status: 200, body: view(world.instance, deployment) };
  };
