import { isActive, reaches, roles } from '../access-tokens.ts';
import type { AccessToken, DeployToken } from '../credentials.ts';
import { isDeployTokenExpired } from '../deploy-tokens.ts';
import type { GitlabWorld, Project } from '../world.ts';

export type RegistryAction = 'pull' | 'push' | 'delete';

/** A job's token: good for one project, under its own user name. */
export interface RegistryCredential {
  username: string;
  secret: string;
  project: number;
  actions: readonly RegistryAction[];
  kind: 'build';
}

/** Whoever logs in, as a token and a notification name them. */
export interface RegistryUser {
  name: string;
  kind: 'deploy_token' | 'build' | 'personal_access_token';
  /** whether any of the token's scopes is about the registry */
  registry: boolean;
  may: (project: Project, action: RegistryAction) => boolean;
}

/** The project whose registry holds the repository: its path in lower case, and what lies below it. */
export const projectOfRepository = (world: GitlabWorld, repository: string): Project | undefined =>
  [...world.projects.values()].find(({ path }) => `${repository}/`.startsWith(`${path.toLowerCase()}/`));

const scopeFor: Record<RegistryAction, readonly string[]> = {
  pull: ['api', 'read_registry'],
  push: ['api', 'write_registry'],
  delete: ['api'],
};

const hasScope = ({ scopes }: { scopes: readonly string[] }, action: RegistryAction): boolean =>
  scopeFor[action].some((scope) => scopes.includes(scope));

const isForRegistry = (token: { scopes: readonly string[] }): boolean =>
  hasScope(token, 'pull') || hasScope(token, 'push');

const roleFor = { pull: roles.reporter, push: roles.developer, delete: roles.developer };

const accessTokenUser = (token: AccessToken): RegistryUser => ({
  name: token.username,
  kind: 'personal_access_token',
  registry: isForRegistry(token),
  may: ({ path }, action) => reaches(token, path) && token.accessLevel >= roleFor[action] && hasScope(token, action),
});

const deployTokenUser = (token: DeployToken): RegistryUser => ({
  name: token.username,
  kind: 'deploy_token',
  registry: isForRegistry(token),
  may: ({ path }, action) => reaches(token, path) && hasScope(token, action),
});

/**
 * Who logs in with this name and password. The user name counts for deploy and job tokens only: with an access token
 * any will do (https://docs.gitlab.com/user/profile/personal_access_tokens/).
 */
export const registryUser = (
  world: GitlabWorld,
  credentials: readonly RegistryCredential[],
  { username, secret }: { username: string; secret: string },
): RegistryUser | undefined => {
  const accessToken = world.accessTokens.find(({ value }) => value === secret);
  if (accessToken !== undefined) return isActive(world, accessToken) ? accessTokenUser(accessToken) : undefined;
  const deployToken = world.deployTokens.find((one) => one.username === username && one.value === secret);
  if (deployToken !== undefined) {
    if (isDeployTokenExpired(world, deployToken)) return undefined;
    deployToken.logins += 1;
    return deployTokenUser(deployToken);
  }
  const found = credentials.find((one) => one.username === username && one.secret === secret);
  if (found === undefined) return undefined;
  const { project, actions, kind } = found;
  return { name: username, kind, registry: true, may: ({ id }, action) => id === project && actions.includes(action) };
};

/** Name and password of a Basic Authorization; undefined for anything else. */
export const basicCredentials = (header: string | undefined): { username: string; secret: string } | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, username = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return { username, secret };
};
