import type { GitlabWorld, Hook, Project } from '../world.ts';
import { ApiError, integerParam, maintainedProject, notFound, type ApiCall, type ApiHandler } from './call.ts';
import { assignHook, eventDefaults, hookView } from './hook-fields.ts';
import { paged } from './paging.ts';

/** https://docs.gitlab.com/api/project_webhooks/ */

export const hookOf = (world: GitlabWorld, call: ApiCall): Hook => {
  const id = integerParam(call, 'hook_id');
  const found = maintainedProject(world, call).hooks.find((hook) => hook.id === id);
  if (found === undefined) throw notFound();
  return found;
};

/** Adds a hook to the project; `fields` as in the API. Raises ApiError for what GitLab would refuse. */
export const addHook = (world: GitlabWorld, project: Project, fields: Record<string, unknown>): Hook => {
  if (fields['url'] === undefined) throw new ApiError(400, { error: 'url is missing' });
  const hook: Hook = {
    id: 0,
    project: project.id,
    url: '',
    name: null,
    description: null,
    token: undefined,
    signingToken: undefined,
    customHeaders: new Map(),
    events: new Map(Object.entries(eventDefaults)),
    enableSslVerification: true,
    createdAt: world.clock.now(),
    failures: 0,
    disabledUntil: undefined,
  };
  assignHook(world, hook, fields);
  hook.id = world.ids.next('hook');
  project.hooks.push(hook);
  return hook;
};

export const listHooks =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, maintainedProject(world, call).hooks, (hook) => hookView(world, hook));

export const getHook =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: hookView(world, hookOf(world, call)) });

export const createHook =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 201, body: hookView(world, addHook(world, maintainedProject(world, call), call.body)) });

export const updateHook =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const hook = hookOf(world, call);
    if (Object.keys(call.body).length === 0) throw new ApiError(400, { error: 'No parameters provided' });
    assignHook(world, hook, call.body);
    return { status: 200, body: hookView(world, hook) };
  };

export const deleteHook =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const hook = hookOf(world, call);
    const project = maintainedProject(world, call);
    project.hooks = project.hooks.filter((other) => other !== hook);
    return { status: 204 };
  };
