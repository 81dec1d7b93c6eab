import type { HookSender } from '../hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import type { ApiHandler } from './call.ts';
import { createCommitComment, listCommitComments } from './commit-comments.ts';
import { createDeployment, getDeployment, listDeployments, updateDeployment } from './deployments.ts';
import { listEnvironments, updateEnvironment } from './environments.ts';
import { listHookEvents, resendHookEvent, testHook } from './hook-events.ts';
import { createHook, deleteHook, getHook, listHooks, updateHook } from './hooks.ts';
import { getJob, listPipelineJobs, listProjectJobs } from './jobs.ts';
import { getPipeline, listPipelines } from './pipelines.ts';
import { listProtectedEnvironments, listVariables } from './project-settings.ts';
import { getProject, getVersion } from './projects.ts';
import { createRateLimit } from './rate-limit.ts';
import { listRegistryTagRules } from './registry-tag-rules.ts';
import { getBranch, getCommit, getTag, listProtectedBranches, listProtectedTags } from './repository.ts';
import { tokenRoutes } from './token-routes.ts';

export interface Route {
  method: string;
  /** segments after /api/v4; those with a colon are parameters */
  path: string;
  /** one of these is needed, `any` for none; default: api, or read_api where nothing is changed */
  scopes?: readonly string[];
  handle: ApiHandler;
}

export interface Routed {
  handle: ApiHandler;
  scopes: readonly string[];
  params: Record<string, string>;
}

/** What tells of deployments. */
const deploymentRoutes = (world: GitlabWorld, sender: HookSender): Route[] => {
  const all = '/projects/:id/deployments';
  const comments = '/projects/:id/repository/commits/:sha/comments';
  return [
    { method: 'GET', path: all, handle: listDeployments(world) },
    { method: 'POST', path: all, handle: createDeployment(world, sender) },
    { method: 'GET', path: `${all}/:deployment_id`, handle: getDeployment(world) },
    { method: 'PUT', path: `${all}/:deployment_id`, handle: updateDeployment(world, sender) },
    { method: 'GET', path: '/projects/:id/environments', handle: listEnvironments(world) },
    { method: 'PUT', path: '/projects/:id/environments/:environment_id', handle: updateEnvironment(world) },
    { method: 'GET', path: comments, handle: listCommitComments(world) },
    { method: 'POST', path: comments, handle: createCommitComment(world) },
  ];
};

/** Every operation that this GitLab knows. */
export const apiRoutes = (world: GitlabWorld, sender: HookSender): Route[] => {
  const checkRate = createRateLimit(world.clock);
  const hook = '/projects/:id/hooks/:hook_id';
  return [
    { method: 'GET', path: '/version', handle: getVersion(world) },
    { method: 'GET', path: '/projects/:id', handle: getProject(world) },
    { method: 'GET', path: '/projects/:id/pipelines', handle: listPipelines(world) },
    { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id', handle: getPipeline(world) },
    { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id/jobs', handle: listPipelineJobs(world) },
    { method: 'GET', path: '/projects/:id/jobs', handle: listProjectJobs(world) },
    { method: 'GET', path: '/projects/:id/jobs/:job_id', handle: getJob(world) },
    { method: 'GET', path: '/projects/:id/repository/branches/:branch', handle: getBranch(world) },
    { method: 'GET', path: '/projects/:id/repository/tags/:tag_name', handle: getTag(world) },
    { method: 'GET', path: '/projects/:id/repository/commits/:sha', handle: getCommit(world) },
    { method: 'GET', path: '/projects/:id/protected_branches', handle: listProtectedBranches(world) },
    { method: 'GET', path: '/projects/:id/protected_tags', handle: listProtectedTags(world) },
    { method: 'GET', path: '/projects/:id/variables', handle: listVariables(world) },
    { method: 'GET', path: '/projects/:id/protected_environments', handle: listProtectedEnvironments(world) },
    {
      method: 'GET',
      path: '/projects/:id/registry/protection/tag/rules',
      handle: listRegistryTagRules(world),
    },
    { method: 'GET', path: '/projects/:id/hooks', handle: listHooks(world) },
    { method: 'POST', path: '/projects/:id/hooks', handle: createHook(world) },
    { method: 'GET', path: hook, handle: getHook(world) },
    { method: 'PUT', path: hook, handle: updateHook(world) },
    { method: 'DELETE', path: hook, handle: deleteHook(world) },
    { method: 'POST', path: `${hook}/test/:trigger`, handle: testHook(world, sender, checkRate) },
    { method: 'GET', path: `${hook}/events`, handle: listHookEvents(world, sender) },
    {
      method: 'POST',
      path: `${hook}/events/:hook_event_id/resend`,
      handle: resendHookEvent(world, sender, checkRate),
    },
    ...deploymentRoutes(world, sender),
    ...tokenRoutes(world),
  ];
};

const paramsOf = (template: string, path: string): Record<string, string> | undefined => {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return params;
};

const defaultScopes = (method: string): string[] => (method === 'GET' ? ['api', 'read_api'] : ['api']);

/** Finds the route of a path below /api/v4; names in it may hold URL-encoded slashes. */
export const findRoute = (routes: readonly Route[], method: string, path: string): Routed | undefined => {
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path, path) : undefined;
    if (params === undefined) continue;
    return { handle: route.handle, scopes: route.scopes ?? defaultScopes(method), params };
  }
  return undefined;
};
