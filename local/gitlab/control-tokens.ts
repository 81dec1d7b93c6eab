import { addAccessToken, dateIn, isActive, projectOwner, roles } from './access-tokens.ts';
import type { ControlInput } from './control-inputs.ts';
import type { AccessTokenView, DeployTokenView } from './control.ts';
import type { AccessToken, DeployToken, TokenOwner } from './credentials.ts';
import { apiDateOrNull } from './dates.ts';
import { isDeployTokenExpired } from './deploy-tokens.ts';
import type { ControlVerbs, Double } from './double.ts';
import { groupOf } from './groups.ts';
import { buildAccessTokenHook } from './payloads/access-token-hook.ts';
import { findProject } from './projects.ts';
import type { GitlabWorld } from './world.ts';

const ownerOf = (world: GitlabWorld, { project, group }: ControlInput<'createAccessToken'>): TokenOwner => {
  if (project !== undefined) return projectOwner(findProject(world, project));
  if (group === undefined) return { type: 'person' };
  const found = groupOf(world, group);
  if (found === undefined) throw new Error(`there is no group ${group}`);
  return { type: 'group', ...found };
};

const findToken = (world: GitlabWorld, id: number): AccessToken => {
  const found = world.accessTokens.find((token) => token.id === id);
  if (found === undefined) throw new Error(`there is no access token ${id}`);
  return found;
};

const accessTokenView = (world: GitlabWorld, token: AccessToken): AccessTokenView => ({
  id: token.id,
  name: token.name,
  owner: token.owner.type,
  ownerId: token.owner.type === 'person' ? token.userId : token.owner.id,
  scopes: [...token.scopes],
  expiresAt: token.expiresAt,
  revoked: token.revoked,
  active: isActive(world, token),
  family: token.family,
  lastUsedAt: apiDateOrNull(token.lastUsedAt),
});

const deployTokenView = (world: GitlabWorld, token: DeployToken): DeployTokenView => ({
  id: token.id,
  owner: token.owner.type,
  ownerId: token.owner.id,
  name: token.name,
  username: token.username,
  scopes: [...token.scopes],
  expiresAt: apiDateOrNull(token.expiresAt),
  active: !isDeployTokenExpired(world, token),
  logins: token.logins,
});

const create = (world: GitlabWorld, input: ControlInput<'createAccessToken'>) => {
  const { name = 'token', scopes = ['api'], accessLevel = roles.maintainer } = input;
  const { expiresAt = dateIn(world, world.instance.tokenDays) } = input;
  const { id, value } = addAccessToken(world, { owner: ownerOf(world, input), name, scopes, accessLevel, expiresAt });
  return { id, token: value };
};

/** Verbs about access tokens: what people do in GitLab's pages, and a look at all there are. */
export const tokenVerbs = ({ world, sender }: Double) =>
  ({
    warnOfExpiry: ({ id }) => {
      const token = findToken(world, id);
      if (token.owner.type !== 'project') throw new Error(`access token ${id} is no project's`);
      const project = findProject(world, token.owner.id);
      sender.fire(project, 'resource_access_token_events', () => buildAccessTokenHook(world.instance, project, token));
      return null;
    },
    createAccessToken: (input) => create(world, input),
    expireAccessToken: ({ id, on = dateIn(world, 0) }) => {
      findToken(world, id).expiresAt = on;
      return null;
    },
    revokeAccessToken: ({ id }) => {
      findToken(world, id).revoked = true;
      return null;
    },
    accessTokens: () => world.accessTokens.map((token) => accessTokenView(world, token)),
    deployTokens: () => world.deployTokens.map((token) => deployTokenView(world, token)),
    tokenValues: () => [...world.accessTokens, ...world.deployTokens].map(({ value }) => value),
  }) satisfies Partial<ControlVerbs>;
