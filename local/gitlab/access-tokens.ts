import type { AccessToken, ResourceOwner, TokenOwner } from './credentials.ts';
import type { GitlabWorld, Project } from './world.ts';

/** Roles, as `access_level` numbers them. */
export const roles = { guest: 10, planner: 15, reporter: 20, developer: 30, maintainer: 40, owner: 50 };

const day = 86_400_000;

/** The date, YYYY-MM-DD in UTC, so many days after today. */
export const dateIn = (world: GitlabWorld, days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

export const isExpired = (world: GitlabWorld, { expiresAt }: AccessToken): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= world.clock.now();

export const isActive = (world: GitlabWorld, token: AccessToken): boolean => !token.revoked && !isExpired(world, token);

export const isBots = ({ owner }: AccessToken): boolean => owner.type !== 'person';

/** Whether the token's user sees the project or group of that path at all; to others it is not there. */
export const reaches = ({ owner }: { owner: TokenOwner }, path: string): boolean => {
  if (owner.type === 'person') return true;
  return owner.path === path || (owner.type === 'group' && path.startsWith(`${owner.path}/`));
};

export const projectOwner = ({ id, path }: Project): ResourceOwner => ({ type: 'project', id, path });

export type TokenSeed = Pick<AccessToken, 'name' | 'owner' | 'scopes' | 'accessLevel' | 'expiresAt'> & {
  description?: string | null;
};

const botName = (owner: TokenOwner, userId: number): string =>
  owner.type === 'person' ? `person-${userId}` : `${owner.type}_${owner.id}_bot_${userId}`;

/** A new token, for a new bot or a new person. */
export const addAccessToken = (world: GitlabWorld, seed: TokenSeed): AccessToken => {
  const [id, userId] = [world.ids.next('access token'), world.ids.next('user')];
  const token: AccessToken = {
    description: null,
    ...seed,
    id,
    userId,
    username: botName(seed.owner, userId),
    value: `glpat-${world.ids.secret(20)}`,
    createdAt: world.clock.now(),
    revoked: false,
    lastUsedAt: undefined,
    family: id,
  };
  world.accessTokens.push(token);
  return token;
};

/** Revokes the token and makes its successor, both at once: same user, name and scopes, another id and value. */
export const rotateToken = (world: GitlabWorld, old: AccessToken, expiresAt: string | null): AccessToken => {
  const [id, value] = [world.ids.next('access token'), `glpat-${world.ids.secret(20)}`];
  const token: AccessToken = { ...old, id, value, expiresAt, createdAt: world.clock.now(), lastUsedAt: undefined };
  old.revoked = true;
  world.accessTokens.push(token);
  return token;
};

/** Reuse detection's answer: whoever holds the youngest token may have stolen it. */
export const revokeFamily = (world: GitlabWorld, { family }: AccessToken): void => {
  for (const token of world.accessTokens) if (token.family === family) token.revoked = true;
};
