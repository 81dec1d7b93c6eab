import { projectOwner, reaches, roles } from '../access-tokens.ts';
import type { ResourceOwner } from '../credentials.ts';
import { groupOf } from '../groups.ts';
import type { GitlabWorld } from '../world.ts';
import { notFound, param, projectOf, type ApiCall } from './call.ts';

export type ResourceType = ResourceOwner['type'];

/** The project or group of the path. Raises ApiError 404. */
export const resourceOf = (world: GitlabWorld, type: ResourceType, call: ApiCall): ResourceOwner => {
  if (type === 'project') return projectOwner(projectOf(world, call));
  const group = groupOf(world, param(call, 'id'));
  if (group === undefined || !reaches(call.token, group.path)) throw notFound('Group');
  return { type, ...group };
};

/**
 * A project's tokens are a maintainer's business, a group's an owner's. That the API lets a group's maintainers at its
 * deploy tokens is a defect of GitLab's (issue 212469): nobody should build on it.
 */
export const mayManage = ({ token }: ApiCall, { type }: ResourceOwner): boolean =>
  token.accessLevel >= (type === 'project' ? roles.maintainer : roles.owner);
