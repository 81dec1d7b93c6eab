import * as z from 'zod/mini';
import { DeployFailure } from '../../domain/failure.ts';

/** What a registry says of where its tokens come from. https://distribution.github.io/distribution/spec/auth/token */
export interface Challenge {
  realm: string;
  service: string;
}

/** A challenge out of `WWW-Authenticate`; undefined when it asks for no token. Its scope is not read: ours is asked for. */
export const readChallenge = (header: string | undefined): Challenge | undefined => {
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/is.exec(header ?? '')?.[1];
  if (bearer === undefined) return undefined;
  const named = [...bearer.matchAll(/([a-z]+)="([^"]*)"/gi)];
  // The first of a name counts: those of another challenge may follow.
  const parameters = new Map(named.reverse().map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  const realm = parameters.get('realm');
  return realm === undefined ? undefined : { realm, service: parameters.get('service') ?? '' };
};

/** Where to ask for a token that may pull from one repository. Raises RegistryRefused unless that is GitLab itself. */
export const tokenUrl = ({ realm, service }: Challenge, gitlabUrl: string, repository: string): URL => {
  const url = URL.parse(realm);
  if (url === null || url.origin !== new URL(gitlabUrl).origin) {
    throw new DeployFailure('RegistryRefused', 'the registry wants a login at another place than gitlab_url', {
      facts: { repository, ...(url === null ? {} : { host: url.host }) },
    });
  }
  url.search = new URLSearchParams({ service, scope: `repository:${repository}:pull` }).toString();
  return url;
};

// What may stand behind `Bearer`: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
const token = z.string().check(z.regex(/^[A-Za-z0-9._~+/-]+=*$/));
const answer = z.union([
  z.object({ token, expires_in: z.nullish(z.number()), issued_at: z.nullish(z.string()) }),
  z.object({ access_token: token, expires_in: z.nullish(z.number()), issued_at: z.nullish(z.string()) }),
]);

export interface Token {
  value: string;
  /** ms since 1970, after which a new one is asked for */
  freshUntil: number;
}

const usualLife = 60; // seconds, when the answer says none: the token spec's own number

/**
 * A token out of GitLab's answer; undefined when there is none in it. It is fresh for three quarters of its life, as one
 * that ends on the way is refused.
 */
export const readToken = (body: string, now: number): Token | undefined => {
  const { success, data } = answer.safeParse(jsonOf(body));
  if (!success) return undefined;
  const life = (data.expires_in ?? usualLife) * 1_000;
  // An issuer whose clock is ahead does not make a token live longer.
  const issued = Math.min(Date.parse(data.issued_at ?? '') || now, now);
  return { value: 'token' in data ? data.token : data.access_token, freshUntil: issued + 0.75 * life };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
