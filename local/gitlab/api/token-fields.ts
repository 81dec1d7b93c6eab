import { dateIn, isActive, isBots } from '../access-tokens.ts';
import type { AccessToken } from '../credentials.ts';
import { apiDate, apiDateOrNull } from '../dates.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, type ApiCall } from './call.ts';

/** A token as the API shows it: without its value, and with whose it is when it is a project's or group's. */
export const tokenView = (world: GitlabWorld, token: AccessToken) => ({
  id: token.id,
  name: token.name,
  revoked: token.revoked,
  created_at: apiDate(token.createdAt),
  description: token.description,
  scopes: token.scopes,
  user_id: token.userId,
  last_used_at: apiDateOrNull(token.lastUsedAt),
  active: isActive(world, token),
  expires_at: token.expiresAt,
});

/** As the routes of a project or group show it. */
export const resourceTokenView = (world: GitlabWorld, token: AccessToken) => ({
  ...tokenView(world, token),
  access_level: token.accessLevel,
  ...(token.owner.type === 'person' ? {} : { resource_type: token.owner.type, resource_id: token.owner.id }),
});

/** As whoever made it sees it, this once. */
export const newTokenView = (world: GitlabWorld, token: AccessToken) => ({
  ...(isBots(token) ? resourceTokenView(world, token) : tokenView(world, token)),
  token: token.value,
});

export const badRequest = (message: string): ApiError => new ApiError(400, { message: `400 Bad request - ${message}` });

/** `expires_at` of the request, checked; undefined when it is not there. */
export const expiryOf = (world: GitlabWorld, { body }: ApiCall): string | undefined => {
  const given = body['expires_at'];
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(given) || Number.isNaN(Date.parse(given))) {
    throw new ApiError(400, { error: 'expires_at is invalid' });
  }
  const last = dateIn(world, world.instance.tokenDays);
  if (given > last) throw badRequest(`Expires at must be before ${last}`);
  return given;
};

/** The name of what is made. Raises ApiError when it is missing. */
export const nameOf = ({ body: { name } }: ApiCall): string => {
  if (name === undefined) throw new ApiError(400, { error: 'name is missing' });
  if (typeof name !== 'string') throw new ApiError(400, { error: 'name is invalid' });
  if (name === '') throw badRequest("Name can't be blank");
  return name;
};

/** A list, or words with commas between. Raises ApiError for none and for one that is not `known`. */
export const scopesOf = ({ body: { scopes } }: ApiCall, known: readonly string[]): string[] => {
  if (scopes === undefined) throw new ApiError(400, { error: 'scopes is missing' });
  const list: unknown[] = typeof scopes === 'string' ? scopes.split(',') : Array.isArray(scopes) ? scopes : [scopes];
  const right = list.filter((scope): scope is string => typeof scope === 'string' && known.includes(scope));
  if (right.length === 0 || right.length < list.length) {
    throw new ApiError(400, { error: 'scopes does not have a valid value' });
  }
  return right;
};

const switches = new Map([
  ['true', true],
  ['false', false],
]);

/** The filters of a list: `state`, `revoked`, and `search`, a part of the name. */
export const tokenFilter = (world: GitlabWorld, { query }: ApiCall): ((token: AccessToken) => boolean) => {
  const [state, revoked, search] = [query.get('state'), query.get('revoked'), query.get('search')?.toLowerCase() ?? ''];
  if (state !== null && state !== 'active' && state !== 'inactive') {
    throw new ApiError(400, { error: 'state does not have a valid value' });
  }
  const wanted = revoked === null ? undefined : switches.get(revoked);
  if (revoked !== null && wanted === undefined) throw new ApiError(400, { error: 'revoked is invalid' });
  return (token) =>
    (state === null || isActive(world, token) === (state === 'active')) &&
    (wanted === undefined || token.revoked === wanted) &&
    token.name.toLowerCase().includes(search);
};
