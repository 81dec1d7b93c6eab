/** Whose token it is: a project's or a group's. */
export interface TokenOwner {
  kind: 'project' | 'group';
  id: number;
}

/** `access`: a project or group access token, for the API. `deploy`: a deploy token, for the registry. */
export type TokenKind = 'access' | 'deploy';

/** A token as GitLab shows it: never with its value. */
export interface GitlabToken {
  id: number;
  name: string;
  active: boolean;
  /** ISO 8601, GitLab's clock; GitLab does not tell it of deploy tokens */
  createdAt?: string;
  /** YYYY-MM-DD, the first day on which it is dead; absent: it never ends */
  expiresAt?: string;
  /** a deploy token's */
  username?: string;
}

/** A token that was just made: its value is told this once. */
export interface NewToken {
  id: number;
  value: string;
  expiresAt?: string;
  /** a deploy token's */
  username?: string;
}

/** What a new token is to be. */
export interface TokenWish {
  name: string;
  scopes: readonly string[];
  /** YYYY-MM-DD */
  expiresAt: string;
  /** GitLab's number of the role of an access token's bot: 20 Reporter, 40 Maintainer */
  accessLevel?: number;
}
