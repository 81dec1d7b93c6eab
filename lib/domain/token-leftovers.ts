import type { GitlabToken, TokenKind } from './gitlab-token.ts';
import type { GitlabDocument } from './rotation-documents.ts';
import { versionNamed, type TokenNaming } from './token-names.ts';

/** ms after which an invocation that made a token has put it into the secret, or never will. */
const makingLimit = 600_000;

/** A version's value, and what GitLab says of its gitlab_token: a person may have left another's id beside it. */
export interface KnownVersion {
  document: GitlabDocument;
  /** undefined: that token is dead */
  own: GitlabToken | undefined;
}

/** The versions whose credentials count. */
export interface Standing {
  /** AWSCURRENT, and AWSPENDING once it has a value */
  live: readonly KnownVersion[];
  previous: KnownVersion | undefined;
  /** AWSPENDING's version id while it has no value: whoever fills it may just have made a token */
  filling: string | undefined;
}

const holds = (token: GitlabToken, kind: TokenKind, { document, own }: KnownVersion): boolean =>
  kind === 'access'
    ? token.id === document.gitlab_token_id || token.id === own?.id
    : token.id === document.registry_token_id ||
      (token.username !== undefined && token.username === document.registry_username);

/** Whether nobody can be about to put it into the secret any more. `at`: GitLab's clock, when it listed the token. */
const isSettled = ({ createdAt }: GitlabToken, version: string, { filling }: Standing, at: Date): boolean =>
  createdAt === undefined ? version !== filling : at.getTime() - Date.parse(createdAt) > makingLimit;

export type TokenFate =
  /** in use, not ours, or too young to tell */
  | 'keep'
  /** its rotation never came to hold it, or a later one let it go */
  | 'orphan'
  /** AWSPREVIOUS's: to be revoked once nobody can hold it in memory */
  | 'predecessor'
  /** AWSPREVIOUS's and alive, but made by a person: only reported */
  | 'foreign';

/** What is to become of one token that GitLab lists. Only those that are ours by name are ever revoked. */
export const fateOf = (
  { token, kind, at }: { token: GitlabToken; kind: TokenKind; at: Date },
  naming: TokenNaming,
  standing: Standing,
): TokenFate => {
  if (standing.live.some((version) => holds(token, kind, version))) return 'keep';
  const before = standing.previous !== undefined && holds(token, kind, standing.previous);
  const version = versionNamed(naming, token.name);
  if (version === undefined) return before ? 'foreign' : 'keep';
  if (before) return 'predecessor';
  return isSettled(token, version, standing, at) ? 'orphan' : 'keep';
};
