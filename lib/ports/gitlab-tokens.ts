import type { GitlabToken, NewToken, TokenKind, TokenOwner, TokenWish } from '../domain/gitlab-token.ts';

/**
 * GitLab's tokens. Each method is one request (`list`: one a page), never tried again by itself. Raises OutOfReach (401, 403, 404),
 * GitLabRefused (any other 4xx), GitLabUnavailable (429, 5xx, no answer: it may have been done all the same).
 */
export interface GitlabTokens {
  /** What GitLab says of an access token to whoever shows it; undefined: it is dead (revoked, expired or never was). */
  self: (value: string) => Promise<GitlabToken | undefined>;
  /** Whether whoever shows this access token sees the project. */
  sees: (value: string, project: number) => Promise<boolean>;
  /** Whether the container registry's login takes this user and password. */
  logsIn: (username: string, password: string) => Promise<boolean>;
  /** All of the owner that are alive, and GitLab's own time of its answer. Under the manager's token. */
  list: (kind: TokenKind, owner: TokenOwner) => Promise<{ at: Date; tokens: GitlabToken[] }>;
  /**
   * Makes one, under the manager's token. When GitLab refuses the date because tokens may not live that long here, its last
   * allowed day is asked for instead, once.
   */
  create: (kind: TokenKind, owner: TokenOwner, wish: TokenWish) => Promise<NewToken>;
  /** Under the manager's token. One that is gone already is fine. */
  revoke: (kind: TokenKind, owner: TokenOwner, id: number) => Promise<void>;
  /**
   * Replaces the access token by a new one, under itself, and revokes it. Asked with a revoked token GitLab revokes the new
   * one as well, so whoever lost the answer must not ask again before `self` has said that the old one is alive. A date that
   * GitLab refuses is asked for anew, as by `create`. Given up after selfRotateLimit of lib/domain/self-rotation.ts.
   */
  rotateSelf: (value: string, expiresAt: string) => Promise<NewToken>;
}
