import type { AccessToken } from '../credentials.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, integerParam, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { rotated } from './resource-access-tokens.ts';
import { tokenFilter, tokenView } from './token-fields.ts';

/** https://docs.gitlab.com/api/personal_access_tokens/: one's own tokens; a bot's token is its own too. */

const ownTokens = (world: GitlabWorld, { token }: ApiCall): AccessToken[] =>
  world.accessTokens.filter(({ userId }) => userId === token.userId);

/** Who is no administrator is not told whether another's token is there. */
const tokenOf = (world: GitlabWorld, call: ApiCall): AccessToken => {
  const id = integerParam(call, 'token_id');
  const found = ownTokens(world, call).find((token) => token.id === id);
  if (found === undefined) throw new ApiError(401, { message: '401 Unauthorized' });
  return found;
};

export const listPersonalTokens =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, ownTokens(world, call).filter(tokenFilter(world, call)), (token) => tokenView(world, token));

export const getPersonalToken =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: tokenView(world, tokenOf(world, call)) });

export const deletePersonalToken =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    tokenOf(world, call).revoked = true;
    return { status: 204 };
  };

export const rotatePersonalToken =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    rotated(world, call, tokenOf(world, call));

/** Needs no scope, and is safe with a revoked token: the way to learn whether a rotation took place. */
export const getOwnToken =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: { ...tokenView(world, call.token), last_used_ips: ['127.0.0.1'] } });

export const deleteOwnToken = (): ApiHandler => (call) => {
  call.token.revoked = true;
  return { status: 204 };
};

export const rotateOwnToken =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    rotated(world, call, call.token);
