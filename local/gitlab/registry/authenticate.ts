import type { IncomingMessage } from 'node:http';
import type { Scope } from '../../oci/oci-call.ts';
import { OciError } from '../../oci/oci-error.ts';
import { registryService } from './login.ts';
import type { RegistryTokens, TokenClaims } from './registry-tokens.ts';

/** `Bearer realm="…",service="…"`, with the scope that is needed and what is wrong with the token that came. */
export const challenge = (realm: string, scope: Scope | undefined, error?: string): OciError => {
  const actions = scope?.action === 'push' ? 'pull,push' : scope?.action;
  const parts = [
    `realm="${realm}"`,
    `service="${registryService}"`,
    ...(scope === undefined ? [] : [`scope="repository:${scope.repository}:${actions ?? ''}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ];
  const headers = { 'WWW-Authenticate': `Bearer ${parts.join(',')}` };
  return new OciError({ status: 401, code: 'UNAUTHORIZED', message: 'authentication required', headers });
};

/** The claims of the request's token, when it is a good one. */
export const claimsOf = (tokens: RegistryTokens, request: IncomingMessage): TokenClaims | 'expired' | 'invalid' => {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? 'invalid' : tokens.read(token);
};

/** Lets in whoever has a token for it; everybody else is told where to get one, as GitLab's registry does. */
export const tokenLogin =
  (tokens: RegistryTokens, realm: string) =>
  (request: IncomingMessage, scope: Scope | undefined): OciError | undefined => {
    if (request.headers.authorization === undefined) return challenge(realm, scope);
    const claims = claimsOf(tokens, request);
    if (typeof claims === 'string') return challenge(realm, scope, 'invalid_token');
    if (scope === undefined) return undefined;
    const allowed = claims.access.some(
      ({ name, actions }) => name === scope.repository && actions.includes(scope.action),
    );
    return allowed ? undefined : challenge(realm, scope, 'insufficient_scope');
  };
