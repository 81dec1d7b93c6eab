import { addDeployToken, isDeployTokenExpired } from '../deploy-tokens.ts';
import type { DeployToken } from '../credentials.ts';
import { apiDateOrNull } from '../dates.ts';
import { roles } from '../access-tokens.ts';
import type { GitlabWorld, Project } from '../world.ts';
import { ApiError, integerParam, notFound, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { nameOf, scopesOf } from './token-fields.ts';

/** https://docs.gitlab.com/api/deploy_tokens/ of projects. Names are not unique; nothing rotates, nothing is reused. */

const view = (world: GitlabWorld, token: DeployToken) => ({
  id: token.id,
  name: token.name,
  username: token.username,
  expires_at: apiDateOrNull(token.expiresAt),
  scopes: token.scopes,
  revoked: false,
  expired: isDeployTokenExpired(world, token),
});

/** A maintainer's business, also of a bot with that role. */
const managedProject = (world: GitlabWorld, call: ApiCall): Project => {
  const project = projectOf(world, call);
  if (call.token.accessLevel < roles.maintainer) throw new ApiError(403, { message: '403 Forbidden' });
  return project;
};

const tokenOf = (world: GitlabWorld, call: ApiCall): DeployToken => {
  const project = managedProject(world, call);
  const id = integerParam(call, 'token_id');
  const found = world.deployTokens.find((token) => token.id === id && token.project === project.id);
  if (found === undefined) throw notFound();
  return found;
};

export const listDeployTokens =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = managedProject(world, call);
    const onlyActive = call.query.get('active') === 'true';
    const tokens = world.deployTokens.filter((token) => token.project === project.id);
    const shown = tokens.filter((token) => !onlyActive || !isDeployTokenExpired(world, token));
    return paged(call, shown, (token) => view(world, token));
  };

export const getDeployToken =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: view(world, tokenOf(world, call)) });

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
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = managedProject(world, call).id;
    const { username } = call.body;
    if (username !== undefined && typeof username !== 'string') {
      throw new ApiError(400, { error: 'username is invalid' });
    }
    const fields = { name: nameOf(call), scopes: scopesOf(call, deployScopes), expiresAt: timeOf(call), username };
    const token = addDeployToken(world, { project, ...fields });
    return { status: 201, body: { ...view(world, token), token: token.value } };
  };

export const deleteDeployToken =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const token = tokenOf(world, call);
    world.deployTokens = world.deployTokens.filter((other) => other !== token);
    return { status: 204 };
  };
