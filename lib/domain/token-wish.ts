import type { GitlabToken, TokenOwner } from './gitlab-token.ts';
import type { GitlabDocument } from './rotation-documents.ts';
import type { Target } from './target.ts';

const numbered = (kind: TokenOwner['kind'], id: string | undefined): TokenOwner | undefined =>
  id !== undefined && /^[1-9]\d*$/.test(id) ? { kind, id: Number(id) } : undefined;

/** Whose tokens are made: the group's if one is given, else the project's; undefined: neither is. */
export const ownerOf = (document: GitlabDocument): TokenOwner | undefined =>
  document.gitlab_group_id === undefined
    ? numbered('project', document.gitlab_project_id)
    : numbered('group', document.gitlab_group_id);

const isShown = ({ environment }: Target): boolean => environment !== undefined;

/**
 * What gitlab_token must be able to do: ask the API, also write to it where a target's deployments are shown, for which
 * GitLab has no lesser scope, and pull where the registry has no login of its own.
 */
export const scopesOf = (
  { registry_password: password }: GitlabDocument,
  targets: readonly Target[],
): readonly string[] => {
  const scope = targets.some(isShown) ? 'api' : 'read_api';
  return password === undefined ? [scope, 'read_registry'] : [scope];
};

const roles = { reporter: 20, developer: 30, maintainer: 40 };

const looksAtTagRules = ({ on, unprotectedTags }: Target): boolean => on.kind === 'image' && unprotectedTags !== true;

/**
 * The least role of gitlab_token's bot. GitLab shows the rules that protect registry tags to Maintainers only, and lets
 * Developers make deployments.
 */
export const roleFor = (targets: readonly Target[]): number => {
  if (targets.some(looksAtTagRules)) return roles.maintainer;
  return targets.some(isShown) ? roles.developer : roles.reporter;
};

/** The deploy token, among the owner's, with which the registry is entered; undefined: none of them, or none is. */
export const deployTokenOf = (
  { registry_username: user }: GitlabDocument,
  deploy: readonly GitlabToken[],
): GitlabToken | undefined => (user === undefined ? undefined : deploy.find(({ username }) => username === user));
