import { DeployFailure, RotationFailure } from '../../lib/domain/failure.ts';
import type { GitlabToken, TokenKind, TokenOwner, TokenWish } from '../../lib/domain/gitlab-token.ts';
import type { GitlabTokens } from '../../lib/ports/gitlab-tokens.ts';
import type { Clock } from '../../lib/ports/clock.ts';

/** A token as GitLab has it. */
export interface HeldToken {
  id: number;
  kind: TokenKind;
  /** undefined: a person's own, which no owner lists */
  owner: TokenOwner | undefined;
  name: string;
  value: string;
  scopes: readonly string[];
  accessLevel: number | undefined;
  createdAt: string;
  expiresAt: string | undefined;
  username: string | undefined;
  revoked: boolean;
  /** the token from which it came by self/rotate */
  family: number;
  /** the projects it sees; undefined: all */
  projects: readonly number[] | undefined;
}

/** GitLab's tokens in memory; tests may look at them and change them. */
export interface MemoryGitlabTokens extends GitlabTokens {
  held: HeldToken[];
  /** how often self/rotate was asked with a dead token */
  reuses: number;
  /** the manager's token has lost its rights */
  forbidden: boolean;
  add: (token: Partial<HeldToken>) => HeldToken;
  alive: (value: unknown) => boolean;
  named: (start: string) => HeldToken[];
}

const shown = (token: HeldToken): GitlabToken => ({
  id: token.id,
  name: token.name,
  active: true,
  // GitLab does not tell it of deploy tokens.
  ...(token.kind === 'access' ? { createdAt: token.createdAt } : {}),
  ...(token.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
  ...(token.username === undefined ? {} : { username: token.username }),
});

const made = (token: HeldToken) => ({ ...shown(token), value: token.value });

const isOf = (token: HeldToken, kind: TokenKind, owner: TokenOwner): boolean =>
  token.kind === kind && token.owner?.kind === owner.kind && token.owner.id === owner.id;

const newcomer = (id: number, clock: Clock, token: Partial<HeldToken>): HeldToken => ({
  ...{ id, kind: 'access', owner: { kind: 'project', id: 42 }, name: `token ${id}`, value: `value-${id}`, scopes: [] },
  ...{ accessLevel: undefined, createdAt: clock().toISOString(), expiresAt: '2027-06-01', revoked: false, family: id },
  ...{ username: token.kind === 'deploy' ? `gitlab+deploy-token-${id}` : undefined, projects: undefined },
  ...token,
});

/** What a revoked token gets that asks for its successor: GitLab revokes the successor as well. */
const reuse = (tokens: MemoryGitlabTokens, value: string): never => {
  tokens.reuses += 1;
  const family = tokens.held.find((token) => token.value === value)?.family;
  for (const token of tokens.held) if (token.family === family) token.revoked = true;
  throw new RotationFailure('OutOfReach', 'self/rotate: 401');
};

export const memoryGitlabTokens = (clock: Clock): MemoryGitlabTokens => {
  const isAlive = ({ revoked, expiresAt }: HeldToken): boolean =>
    !revoked && (expiresAt === undefined || Date.parse(expiresAt) > clock().getTime());
  const living = (kind: TokenKind, value: string) =>
    tokens.held.find((token) => token.kind === kind && token.value === value && isAlive(token));
  const manage = async (): Promise<void> => {
    if (tokens.forbidden) throw new RotationFailure('OutOfReach', 'the manager may not');
    return Promise.resolve();
  };
  const tokens: MemoryGitlabTokens = {
    ...{ held: [], reuses: 0, forbidden: false },
    add: (token) => {
      tokens.held.push(newcomer(tokens.held.length + 1, clock, token));
      return tokens.held.at(-1) as HeldToken;
    },
    alive: (value) => tokens.held.some((token) => token.value === value && isAlive(token)),
    named: (start) => tokens.held.filter((token) => token.name.startsWith(start) && isAlive(token)),
    self: async (value) => {
      const found = living('access', value);
      return Promise.resolve(found && shown(found));
    },
    sees: async (value, project) => {
      const found = living('access', value);
      return Promise.resolve(found !== undefined && (found.projects?.includes(project) ?? true));
    },
    logsIn: async (username, password) => Promise.resolve(living('deploy', password)?.username === username),
    list: async (kind, owner) => {
      await manage();
      const found = tokens.held.filter((token) => isOf(token, kind, owner) && isAlive(token));
      return { at: clock(), tokens: found.map(shown) };
    },
    create: async (kind, owner, { name, scopes, expiresAt, accessLevel }: TokenWish) => {
      await manage();
      return made(tokens.add({ kind, owner, name, scopes, expiresAt, accessLevel }));
    },
    revoke: async (kind, owner, id) => {
      await manage();
      const found = tokens.held.find((token) => isOf(token, kind, owner) && token.id === id);
      if (found !== undefined) found.revoked = true;
    },
    rotateSelf: async (value, expiresAt) => {
      const old = living('access', value);
      if (old === undefined) return Promise.resolve(reuse(tokens, value));
      old.revoked = true;
      const { owner, name, scopes, accessLevel, family, projects } = old;
      return Promise.resolve(made(tokens.add({ owner, name, scopes, accessLevel, family, projects, expiresAt })));
    },
  };
  return tokens;
};

/** GitLab did not answer. */
export const noAnswer = (): DeployFailure => new DeployFailure('GitLabUnavailable', 'no answer');
