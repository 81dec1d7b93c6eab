import { createHmac } from 'node:crypto';
import type { GitlabWorld } from '../world.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { RegistryAction, RegistryUser } from './registry-users.ts';

export interface Access {
  type: 'repository';
  name: string;
  actions: readonly RegistryAction[];
}

/** What a token says. Times are seconds of world time. */
export interface TokenClaims {
  sub: string;
  auth_type: string;
  exp: number;
  access: readonly Access[];
}

export interface RegistryTokens {
  /** A JWT by its form (GitLab signs with RS256, this double with HS256). */
  issue(user: Pick<RegistryUser, 'name' | 'kind'> | undefined, access: readonly Access[]): string;
  read(token: string): TokenClaims | 'expired' | 'invalid';
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const createRegistryTokens = (
  { clock, ids }: Pick<GitlabWorld, 'clock' | 'ids'>,
  settings: RegistrySettings,
): RegistryTokens => {
  const secret = ids.secret(40);
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');
  const now = (): number => Math.floor(clock.now() / 1000);

  return {
    issue: (user, access) => {
      const times = { iat: now(), nbf: now() - 5, exp: now() + settings.tokenSeconds };
      const about = { iss: 'gitlab-issuer', aud: 'container_registry', jti: ids.uuid() };
      const claims = { access, sub: user?.name ?? '', auth_type: user?.kind ?? '', ...about, ...times };
      const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
      return `${text}.${sign(text)}`;
    },
    read: (token) => {
      const [header = '', payload = '', signature = ''] = token.split('.');
      if (sign(`${header}.${payload}`) !== signature) return 'invalid';
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as TokenClaims;
      return claims.exp <= now() ? 'expired' : claims;
    },
  };
};
