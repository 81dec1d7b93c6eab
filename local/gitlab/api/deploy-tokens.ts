import { addDeployToken, isDeployTokenExpired } from '../deploy-tokens.ts';
import type { DeployToken, ResourceOwner } from '../credentials.ts';
import { apiDateOrNull } from '../dates.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, integerParam, notFound, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { mayManage, resourceOf, type ResourceType } from './resource-owner.ts';
import { nameOf, scopesOf } from './token-fields.ts';

/** https://docs.gitlab.com/api/deploy_tokens/ of projects and groups. Names are not unique; nothing rotates, nothing is reused. */

const view = (world: GitlabWorld, token: DeployToken) => ({
  id: token.id,
  name: token.name,
  username: token.username,
  expires_at: apiDateOrNull(token.expiresAt),
  scopes: token.scopes,
  revoked: false,
  expired: isDeployTokenExpired(world, token),
});

/** Also a bot with that role manages them. */
const managedOwner = (world: GitlabWorld, type: ResourceType, call: ApiCall): ResourceOwner => {
  const owner = resourceOf(world, type, call);
  if (!mayManage(call, owner)) throw new ApiError(403, { message: '403 Forbidden' });
  return owner;
};

const tokensOf = (world: GitlabWorld, type: ResourceType, call: ApiCall): DeployToken[] => {
  const { id } = managedOwner(world, type, call);
  return world.deployTokens.filter(({ owner }) => owner.type === type && owner.id === id);
};

const tokenOf = (world: GitlabWorld, type: ResourceType, call: ApiCall): DeployToken => {
  const id = integerParam(call, 'token_id');
  const found = tokensOf(world, type, call).find((token) => token.id === id);
  if (found === undefined) throw notFound();
  return found;
};

export const listDeployTokens =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const onlyActive = call.query.get('active') === 'true';
    const shown = tokensOf(world, type, call).filter((token) => !onlyActive || !isDeployTokenExpired(world, token));
    return paged(call, shown, (token) => view(world, token));
  };

export const getDeployToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => ({ status: 200, body: view(world, tokenOf(world, type, call)) });

const deployScopes = [
  ...['read_repository', 'read_registry', 'write_registry', 'read_package_registry', 'write_package_registry'],
  ...['read_virtual_registry', 'write_virtual_registry'],
];

const timeOf = ({ body: { expires_at: given } }: ApiCall): number | undefined => {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string' || Number.isNaN(Date.parse(given))) {
    throw new ApiError(400, { error: 'expires_at is invalid' });
  }
  return Date.parse(given);
};

/** The value is in this answer and never again. Without `expires_at` the token has no end. */
export const createDeployToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const owner = managedOwner(world, type, call);
    const { username } = call.body;
    if (username !== undefined && typeof username !== 'string') {
      throw new ApiError(400, { error: 'username is invalid' });
    }
    const fields = { name: nameOf(call), scopes: scopesOf(call, deployScopes), expiresAt: timeOf(call), username };
    const token = addDeployToken(world, { owner, ...fields });
    return { status: 201, body: { ...view(world, token), token: token.value } };
  };

export const deleteDeployToken =
  (world: GitlabWorld, type: ResourceType): ApiHandler =>
  (call) => {
    const token = tokenOf(world, type, call);
    world.deployTokens = world.deployTokens.filter((other) => other !== token);
    return { status: 204 };
  };
