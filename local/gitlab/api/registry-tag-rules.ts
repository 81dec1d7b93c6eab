import { reaches, roles } from '../access-tokens.ts';
import type { AccessToken } from '../credentials.ts';
import { isAtLeast, type GitlabWorld, type Project, type RegistryTagRule } from '../world.ts';
import { ApiError, maintainedProject, type ApiAnswer, type ApiHandler } from './call.ts';

const ruleView =
  ({ id: project }: Project) =>
  ({ id, pattern, push, delete: deletion }: RegistryTagRule) => ({
    id,
    project_id: project,
    tag_name_pattern: pattern,
    minimum_access_level_for_push: push,
    minimum_access_level_for_delete: deletion,
  });

/**
 * The rules that leave tags mutable: those that make them immutable are not in this list, GraphQL alone tells them.
 * In one piece, to maintainers; since 18.7. https://docs.gitlab.com/api/container_registry_protection_tag_rules/
 */
export const listRegistryTagRules =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    if (!isAtLeast(world.instance, 18, 7)) throw new ApiError(404, { error: '404 Not Found' });
    const project = maintainedProject(world, call);
    const mutable = project.registryTagRules.filter(({ immutable }) => !immutable);
    return { status: 200, body: mutable.map(ruleView(project)) };
  };

const graphqlView = ({ id, pattern, push, delete: deletion, immutable }: RegistryTagRule) => ({
  id: `gid://gitlab/ContainerRegistry::Protection::TagRule/${id}`,
  tagNamePattern: pattern,
  immutable,
  minimumAccessLevelForPush: immutable ? null : push.toUpperCase(),
  minimumAccessLevelForDelete: immutable ? null : deletion.toUpperCase(),
});

/** Only what the query names: whoever forgets a field gets it nowhere. */
const asked = (query: string, rule: object): object =>
  Object.fromEntries(Object.entries(rule).filter(([field]) => new RegExp(`\\b${field}\\b`).test(query)));

const refused = (message: string): ApiAnswer => ({ status: 200, body: { errors: [{ message }] } });

/**
 * POST /api/graphql for the one question `project(fullPath: $fullPath) { containerProtectionTagRules { nodes { … } } }`,
 * without aliases: every rule, those that make tags immutable too. A project that is not there, or not for this token,
 * is null; the rules are null for whoever is no maintainer.
 * https://docs.gitlab.com/api/graphql/reference/#containerprotectiontagrule
 */
export const answerGraphql = (world: GitlabWorld, token: AccessToken, body: Record<string, unknown>): ApiAnswer => {
  const { query, variables } = body as { query?: string; variables?: { fullPath?: string } };
  if (query === undefined || !/\bproject\(fullPath: \$fullPath\)/.test(query)) return refused('Parse error');
  if (!/\bcontainerProtectionTagRules\b/.test(query)) return refused("Field doesn't exist on type 'Project'");
  const project = [...world.projects.values()].find(({ path }) => path === variables?.fullPath);
  if (project === undefined || !reaches(token, project.path)) return { status: 200, body: { data: { project: null } } };
  if (token.accessLevel < roles.maintainer)
    return { status: 200, body: { data: { project: { containerProtectionTagRules: null } } } };
  const nodes = project.registryTagRules.map(graphqlView).map((rule) => asked(query, rule));
  const containerProtectionTagRules = { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
  return { status: 200, body: { data: { project: { containerProtectionTagRules } } } };
};
