import { addAccessToken, dateIn, isBots, revokeFamily, roles, rotateToken } from '../access-tokens.ts';
import type { AccessToken, ResourceOwner } from '../credentials.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, integerParam, notFound, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { mayManage, resourceOf, type ResourceType } from './resource-owner.ts';
import {
  badRequest,
  expiryOf,
  nameOf,
  newTokenView,
  resourceTokenView,
  scopesOf,
  tokenFilter,
} from './token-fields.ts';

/**
 * https://docs.gitlab.com/api/project_access_tokens/ and https://docs.gitlab.com/api/group_access_tokens/; answers as
 * GitLab's lib/api/resource_access_tokens.rb gives them.
 */

const checkReading = (call: ApiCall, resource: ResourceOwner): void => {
  if (!mayManage(call, resource)) throw new ApiError(401, { message: '401 Unauthorized' });
};

const tokensOf = (world: GitlabWorld, { type, id }: ResourceOwner): AccessToken[] =>
  world.accessTokens.filter(({ owner }) => owner.type === type && owner.id === id);

const tokenOf = (world: GitlabWorld, resource: ResourceOwner, call: ApiCall): AccessToken | undefined => {
  const id = integerParam(call, 'token_id');
  return tokensOf(world, resource).find((token) => token.id === id);
};

const foundToken = (world: GitlabWorld, resource: ResourceOwner, call: ApiCall): AccessToken => {
  const token = tokenOf(world, resource, call);
  if (token === undefined) throw notFound(`${resource.type} Access Token`);
  return token;
};

export const listResourceTokens =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const resource = resourceOf(world, type, call);
    checkReading(call, resource);
    const tokens = tokensOf(world, resource).filter(tokenFilter(world, call));
    return paged(call, tokens, (token) => resourceTokenView(world, token));
  };

export const getResourceToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const resource = resourceOf(world, type, call);
    checkReading(call, resource);
    return { status: 200, body: resourceTokenView(world, foundToken(world, resource, call)) };
  };

const botScopes = [
  ...['api', 'read_api', 'create_runner', 'manage_runner', 'k8s_proxy', 'self_rotate', 'ai_features'],
  ...['read_repository', 'write_repository', 'read_registry', 'write_registry'],
];

const levelOf = ({ body }: ApiCall): number => {
  const level = Number(body['access_level'] ?? roles.maintainer);
  if (!Object.values(roles).includes(level)) {
    throw new ApiError(400, { error: 'access_level does not have a valid value' });
  }
  return level;
};

/** Bots make no tokens: a project's or group's token is refused whatever its role (issue 359953 of GitLab). */
export const createResourceToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const resource = resourceOf(world, type, call);
    const [name, scopes, accessLevel] = [nameOf(call), scopesOf(call, botScopes), levelOf(call)];
    if (isBots(call.token) || !mayManage(call, resource)) {
      throw badRequest(`User does not have permission to create ${type} access token`);
    }
    if (accessLevel > call.token.accessLevel) {
      throw badRequest('Access level of the token contains permissions not held by the creating user');
    }
    const expiresAt = expiryOf(world, call);
    if (expiresAt === undefined) throw new ApiError(400, { error: 'expires_at is missing' });
    const given = call.body['description'];
    const description = typeof given === 'string' ? given : null;
    const token = addAccessToken(world, { name, owner: resource, scopes, accessLevel, expiresAt, description });
    return { status: 201, body: newTokenView(world, token) };
  };

/** Revokes it. One that is revoked already is revoked again, without an error. */
export const deleteResourceToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const resource = resourceOf(world, type, call);
    const token = foundToken(world, resource, call);
    if (!mayManage(call, resource)) throw badRequest(`${call.token.username} cannot delete ${token.username}`);
    token.revoked = true;
    return { status: 204 };
  };

/** The successor lives a week unless the request says how long. A revoked one is not rotated, and costs its family. */
export const rotated = (world: GitlabWorld, call: ApiCall, token: AccessToken): ReturnType<ApiHandler> => {
  if (token.revoked) {
    revokeFamily(world, token);
    throw badRequest('token already revoked');
  }
  const expiresAt = expiryOf(world, call) ?? dateIn(world, 7);
  return { status: 200, body: newTokenView(world, rotateToken(world, token, expiresAt)) };
};

export const rotateResourceToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const resource = resourceOf(world, type, call);
    const token = mayManage(call, resource) ? tokenOf(world, resource, call) : undefined;
    if (token === undefined) throw new ApiError(401, { message: '401 Unauthorized' });
    return rotated(world, call, token);
  };

/** For the project's or group's own bots only: a person's token gets a 405. */
export const rotateOwnResourceToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    if (!isBots(call.token)) throw new ApiError(405, { message: '405 Method Not Allowed' });
    const own = tokensOf(world, resourceOf(world, type, call)).includes(call.token);
    if (!own) throw new ApiError(401, { message: '401 Unauthorized' });
    return rotated(world, call, call.token);
  };
