import type { IncomingMessage } from 'node:http';
import type { OciAnswer } from '../../oci/oci-call.ts';
import { errorBody } from '../../oci/oci-error.ts';
import type { GitlabWorld } from '../world.ts';
import type { Access, RegistryTokens } from './registry-tokens.ts';
import {
  basicCredentials,
  projectOfRepository,
  registryUser,
  type RegistryAction,
  type RegistryCredential,
  type RegistryUser,
} from './registry-users.ts';

export const registryService = 'container_registry';

interface Login {
  world: GitlabWorld;
  credentials: readonly RegistryCredential[];
  tokens: RegistryTokens;
}

const json = (status: number, body: string): OciAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body,
});

const isAction = (text: string): text is RegistryAction => ['pull', 'push', 'delete'].includes(text);

/** What of a scope the user has a right to; nothing at all is no error, it is a token that opens nothing. */
const granted = (world: GitlabWorld, user: RegistryUser | undefined, scope: string): Access[] => {
  const [type = '', name = '', list = ''] = scope.split(':');
  const project = projectOfRepository(world, name);
  if (type !== 'repository' || project === undefined || user === undefined) return [];
  const wanted = list === '*' ? ['pull', 'push', 'delete'] : list.split(',');
  const actions = wanted.filter(isAction).filter((action) => user.may(project, action));
  return actions.length === 0 ? [] : [{ type, name, actions }];
};

/** One parameter each, or one with spaces between them: clients do both. */
const scopesOf = (query: URLSearchParams): string[] =>
  query.getAll('scope').flatMap((scope) => scope.split(' ').filter((one) => one !== ''));

/**
 * GET /jwt/auth: the token for the registry, for Basic credentials. It says nothing of how long it lives, and lacks
 * whatever the user may not do. https://gitlab.com/gitlab-org/container-registry/-/blob/master/docs/auth-request-flow.md
 */
export const answerLogin = ({ world, credentials, tokens }: Login, request: IncomingMessage): OciAnswer => {
  const query = new URL(request.url ?? '/', 'http://gitlab').searchParams;
  if (query.get('service') !== registryService) return { status: 404 };
  const given = basicCredentials(request.headers.authorization);
  const user = given === undefined ? undefined : registryUser(world, credentials, given);
  if (request.headers.authorization !== undefined && user === undefined) {
    return json(401, errorBody({ code: 'UNAUTHORIZED', message: 'HTTP Basic: Access denied.' }));
  }
  const scopes = scopesOf(query);
  if (user === undefined ? scopes.length === 0 : !user.registry) {
    return json(403, errorBody({ code: 'DENIED', message: 'access forbidden' }));
  }
  const access = scopes.flatMap((scope) => granted(world, user, scope));
  return json(200, JSON.stringify({ token: tokens.issue(user, access) }));
};
