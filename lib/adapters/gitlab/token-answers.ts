import * as z from 'zod/mini';
import type { GitlabToken, NewToken } from '../../domain/gitlab-token.ts';

const text = z.string().check(z.minLength(1));

const expiry = z.nullish(z.string().check(z.refine((date) => !Number.isNaN(Date.parse(date)))));

/** Of an access token GitLab says the day, of a deploy token the time. */
const dayOf = (date: string | null | undefined): { expiresAt?: string } =>
  typeof date === 'string' ? { expiresAt: new Date(date).toISOString().slice(0, 10) } : {};

const named = (username: string | null | undefined): { username?: string } =>
  typeof username === 'string' ? { username } : {};

/** An access token without its value. */
export const oneToken = z.pipe(
  z.object({ id: z.int(), name: z.string(), active: z.boolean(), created_at: z.string(), expires_at: expiry }),
  z.transform(({ id, name, active, created_at, expires_at }): GitlabToken => ({
    id,
    name,
    active,
    createdAt: created_at,
    ...dayOf(expires_at),
  })),
);

/** A page of access tokens. */
export const accessTokens = z.array(oneToken);

/** A page of deploy tokens. */
export const deployTokens = z.array(
  z.pipe(
    z.object({
      id: z.int(),
      name: z.string(),
      username: z.nullish(z.string()),
      expires_at: expiry,
      revoked: z.boolean(),
      expired: z.boolean(),
    }),
    z.transform(({ id, name, username, expires_at, revoked, expired }): GitlabToken => ({
      id,
      name,
      active: !revoked && !expired,
      ...dayOf(expires_at),
      ...named(username),
    })),
  ),
);

/** A token of either kind that was just made, with its value. */
export const madeToken = z.pipe(
  z.object({ id: z.int(), token: text, expires_at: expiry, username: z.nullish(text) }),
  z.transform(({ id, token, expires_at, username }): NewToken => ({
    id,
    value: token,
    ...dayOf(expires_at),
    ...named(username),
  })),
);

const day = 86_400_000; // ms

/**
 * The last day that a refusal allows: `Expires at must be before 2027-01-01` names the first that it does not. Undefined
 * when it names no date.
 */
export const lastAllowedDay = (refusal: unknown): string | undefined => {
  const named = /\b\d{4}-\d{2}-\d{2}\b/.exec(JSON.stringify({ refusal }))?.[0];
  const first = Date.parse(named ?? '');
  return Number.isNaN(first) ? undefined : new Date(first - day).toISOString().slice(0, 10);
};
