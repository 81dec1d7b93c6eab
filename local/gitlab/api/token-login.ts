import type { IncomingHttpHeaders } from 'node:http';
import { isActive, revokeFamily } from '../access-tokens.ts';
import type { AccessToken } from '../credentials.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError } from './call.ts';

/** The access token that a request names, alive or not. */
export const namedToken = (world: GitlabWorld, headers: IncomingHttpHeaders): AccessToken | undefined => {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const given = headers['private-token'] ?? bearer;
  return world.accessTokens.find(({ value }) => value === given);
};

/**
 * A rotation asked for with a revoked token: GitLab takes that for a theft and revokes the whole family. No other path
 * does so. https://docs.gitlab.com/api/personal_access_tokens/#automatic-reuse-detection
 */
export const isReuse = (token: AccessToken | undefined, path: string): token is AccessToken =>
  token?.revoked === true && /access_tokens\/(\d+|self)\/rotate$/.test(path);

/** 10 minutes: GitLab writes down a use no more often. */
const usePeriod = 600_000;

const noteUse = (world: GitlabWorld, token: AccessToken): void => {
  const now = world.clock.now();
  if (token.lastUsedAt === undefined || token.lastUsedAt <= now - usePeriod) token.lastUsedAt = now;
};

const invalidToken = (description: string): ApiError =>
  new ApiError(401, { error: 'invalid_token', error_description: description });

/** Lets in whoever has an active token. Raises ApiError 401. */
export const checkLogin = (world: GitlabWorld, token: AccessToken | undefined, path: string): AccessToken => {
  if (token === undefined) throw new ApiError(401, { message: '401 Unauthorized' });
  if (isReuse(token, path)) revokeFamily(world, token);
  if (token.revoked) throw invalidToken('Token was revoked. You have to re-authorize from the user.');
  if (!isActive(world, token)) {
    throw invalidToken('Token is expired. You can either do re-authorization or token refresh.');
  }
  noteUse(world, token);
  return token;
};

/** Raises ApiError 403 unless the token has one of these scopes. */
export const checkScope = ({ scopes }: AccessToken, accepted: readonly string[]): void => {
  if (accepted.includes('any') || scopes.some((scope) => accepted.includes(scope))) return;
  throw new ApiError(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: accepted.join(' '),
  });
};
