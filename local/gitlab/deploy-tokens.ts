import type { DeployToken, ResourceOwner } from './credentials.ts';
import type { GitlabWorld } from './world.ts';

export interface DeployTokenSeed {
  owner: ResourceOwner;
  scopes: readonly string[];
  name?: string | undefined;
  /** default: `gitlab+deploy-token-` and its id */
  username?: string | undefined;
  expiresAt?: number | undefined;
}

export const isDeployTokenExpired = (world: GitlabWorld, { expiresAt }: DeployToken): boolean =>
  expiresAt !== undefined && expiresAt <= world.clock.now();

export const addDeployToken = (world: GitlabWorld, seed: DeployTokenSeed): DeployToken => {
  const id = world.ids.next('deploy token');
  const username = seed.username ?? `gitlab+deploy-token-${id}`;
  const token: DeployToken = {
    id,
    owner: seed.owner,
    name: seed.name ?? username,
    username,
    scopes: seed.scopes,
    value: `gldt-${world.ids.secret(20)}`,
    expiresAt: seed.expiresAt,
    logins: 0,
  };
  world.deployTokens.push(token);
  return token;
};
