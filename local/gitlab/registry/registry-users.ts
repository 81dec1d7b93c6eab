import type { GitlabWorld, Project } from '../world.ts';

export type RegistryAction = 'pull' | 'push' | 'delete';

/** A deploy token or a job's token: good for one project, under its own user name. */
export interface RegistryCredential {
  username: string;
  secret: string;
  project: number;
  actions: readonly RegistryAction[];
  kind: 'deploy_token' | 'build';
}

/** Whoever logs in, as a token and a notification name them. */
export interface RegistryUser {
  name: string;
  kind: 'deploy_token' | 'build' | 'personal_access_token';
  may: (project: Project, action: RegistryAction) => boolean;
}

/** The project whose registry holds the repository: its path in lower case, and what lies below it. */
export const projectOfRepository = (world: GitlabWorld, repository: string): Project | undefined =>
  [...world.projects.values()].find(({ path }) => `${repository}/`.startsWith(`${path.toLowerCase()}/`));

/**
 * Who logs in with this name and password. The user name counts for deploy and job tokens only: with an access token
 * any will do (https://docs.gitlab.com/user/profile/personal_access_tokens/).
 */
export const registryUser = (
  world: GitlabWorld,
  credentials: readonly RegistryCredential[],
  { username, secret }: { username: string; secret: string },
): RegistryUser | undefined => {
  if (secret === world.instance.token) {
    return { name: 'maintainer', kind: 'personal_access_token', may: () => true };
  }
  const found = credentials.find((one) => one.username === username && one.secret === secret);
  if (found === undefined) return undefined;
  const { project, actions, kind } = found;
  return { name: username, kind, may: ({ id }, action) => id === project && actions.includes(action) };
};

/** Name and password of a Basic Authorization; undefined for anything else. */
export const basicCredentials = (header: string | undefined): { username: string; secret: string } | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, username = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return { username, secret };
};
