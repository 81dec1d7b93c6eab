import type { GitlabWorld } from '../world.ts';
import { createDeployToken, deleteDeployToken, getDeployToken, listDeployTokens } from './deploy-tokens.ts';
import {
  deleteOwnToken,
  deletePersonalToken,
  getOwnToken,
  getPersonalToken,
  listPersonalTokens,
  rotateOwnToken,
  rotatePersonalToken,
} from './personal-access-tokens.ts';
import {
  createResourceToken,
  deleteResourceToken,
  getResourceToken,
  listResourceTokens,
  rotateOwnResourceToken,
  rotateResourceToken,
} from './resource-access-tokens.ts';
import type { ResourceType } from './resource-owner.ts';
import type { Route } from './routes.ts';

const rotating = ['api', 'self_rotate'];

const resourceRoutes = (world: GitlabWorld, type: ResourceType): Route[] => {
  const all = `/${type}s/:id/access_tokens`;
  const one = `${all}/:token_id`;
  return [
    { method: 'GET', path: all, handle: listResourceTokens(world, type) },
    { method: 'POST', path: all, handle: createResourceToken(world, type) },
    { method: 'POST', path: `${all}/self/rotate`, scopes: rotating, handle: rotateOwnResourceToken(world, type) },
    { method: 'GET', path: one, handle: getResourceToken(world, type) },
    { method: 'DELETE', path: one, handle: deleteResourceToken(world, type) },
    { method: 'POST', path: `${one}/rotate`, handle: rotateResourceToken(world, type) },
  ];
};

const personalRoutes = (world: GitlabWorld): Route[] => {
  const all = '/personal_access_tokens';
  const one = `${all}/:token_id`;
  return [
    { method: 'GET', path: all, handle: listPersonalTokens(world) },
    { method: 'GET', path: `${all}/self`, scopes: ['any'], handle: getOwnToken(world) },
    { method: 'DELETE', path: `${all}/self`, scopes: ['any'], handle: deleteOwnToken() },
    { method: 'POST', path: `${all}/self/rotate`, scopes: rotating, handle: rotateOwnToken(world) },
    { method: 'GET', path: one, handle: getPersonalToken(world) },
    { method: 'DELETE', path: one, handle: deletePersonalToken(world) },
    { method: 'POST', path: `${one}/rotate`, handle: rotatePersonalToken(world) },
  ];
};

const deployRoutes = (world: GitlabWorld, type: ResourceType): Route[] => {
  const all = `/${type}s/:id/deploy_tokens`;
  const one = `${all}/:token_id`;
  return [
    { method: 'GET', path: all, handle: listDeployTokens(world, type) },
    { method: 'POST', path: all, handle: createDeployToken(world, type) },
    { method: 'GET', path: one, handle: getDeployToken(world, type) },
    { method: 'DELETE', path: one, handle: deleteDeployToken(world, type) },
  ];
};

/** Access tokens and deploy tokens. */
export const tokenRoutes = (world: GitlabWorld): Route[] => [
  ...personalRoutes(world),
  ...resourceRoutes(world, 'project'),
  ...resourceRoutes(world, 'group'),
  ...deployRoutes(world, 'project'),
  ...deployRoutes(world, 'group'),
];
