/** What a token belongs to. The tokens of a project or group are its bots': each has a user of its own. */
export type TokenOwner = { type: 'person' } | ResourceOwner;

/** A project or group. */
export interface ResourceOwner {
  type: 'project' | 'group';
  id: number;
  path: string;
}

/** An access token. It is never taken off the list: a revoked one is still known, by itself and by its family. */
export interface AccessToken {
  id: number;
  name: string;
  description: string | null;
  owner: TokenOwner;
  userId: number;
  username: string;
  scopes: readonly string[];
  /** 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner: of a person, in every project */
  accessLevel: number;
  /** shown once, when it is made */
  value: string;
  createdAt: number;
  /** YYYY-MM-DD; it ends at 00:00 UTC of that day */
  expiresAt: string | null;
  revoked: boolean;
  lastUsedAt: number | undefined;
  /** id of the first token of the line that rotations made */
  family: number;
}

/** A deploy token of one project or group: for the registry, and never for the API. */
export interface DeployToken {
  id: number;
  owner: ResourceOwner;
  name: string;
  username: string;
  scopes: readonly string[];
  value: string;
  expiresAt: number | undefined;
  /** how often it logged in to the registry */
  logins: number;
}
