import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HookSender } from '../hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, type ApiAnswer } from './call.ts';
import { faultAnswer, type ApiFaults } from './faults.ts';
import { answerGraphql } from './registry-tag-rules.ts';
import { apiRoutes, findRoute, type Route } from './routes.ts';
import { checkLogin, checkScope, isReuse, namedToken } from './token-login.ts';

/** A request to the API as it came in, and what became of it. Never holds a token. */
export interface ApiRequest {
  number: number;
  /** ISO 8601, world time */
  at: string;
  method: string;
  /** with its query */
  path: string;
  status: number | 'reset' | 'answer lost' | 'under way';
  /** the fault that hit it */
  fault?: string;
  /** id of the access token that it came with, alive or not */
  token?: number;
  /** it asked for a rotation with a revoked token, which revoked the family */
  reuse?: true;
}

const pathOf = ({ path }: ApiRequest): string => new URL(path, 'http://gitlab').pathname.replace('/api/v4', '');

export const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** `scopes[]=a&scopes[]=b` is a list, as Rails reads forms. */
const formFields = (text: string): Record<string, unknown> => {
  const form = new URLSearchParams(text);
  const fields = [...form].map(([name, value]): [string, unknown] =>
    name.endsWith('[]') ? [name.slice(0, -2), form.getAll(name)] : [name, value],
  );
  return Object.fromEntries(fields);
};

const fieldsOf = (request: IncomingMessage, text: string): Record<string, unknown> => {
  if (text === '') return {};
  if (!(request.headers['content-type'] ?? '').includes('json')) return formFields(text);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ApiError(400, { error: 'The provided content-type is not supported or the body is no valid JSON' });
  }
};

export const reply = (response: ServerResponse, { status, body, headers = {} }: ApiAnswer): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
};

/** Introspection and all else of GraphQL is not there: see answerGraphql. */
const graphql = async (world: GitlabWorld, request: IncomingMessage): Promise<ApiAnswer> => {
  const token = checkLogin(world, namedToken(world, request.headers), '/api/graphql');
  checkScope(token, ['api', 'read_api']);
  return answerGraphql(world, token, fieldsOf(request, await readBody(request)));
};

const answer = async (world: GitlabWorld, routes: readonly Route[], request: IncomingMessage): Promise<ApiAnswer> => {
  const url = new URL(request.url ?? '/', 'http://gitlab');
  if (request.method === 'POST' && url.pathname === '/api/graphql') return graphql(world, request);
  const path = url.pathname.replace(/^\/api\/v4(?=\/)/, '');
  const routed = path === url.pathname ? undefined : findRoute(routes, request.method ?? '', path);
  if (routed === undefined) throw new ApiError(404, { error: '404 Not Found' });
  const token = checkLogin(world, namedToken(world, request.headers), path);
  checkScope(token, routed.scopes);
  const fields = fieldsOf(request, await readBody(request));
  const body = { ...(request.method === 'GET' ? {} : Object.fromEntries(url.searchParams)), ...fields };
  return routed.handle({ params: routed.params, query: url.searchParams, body, token });
};

const refusal = (error: unknown): ApiAnswer => {
  if (error instanceof ApiError) return error.answer;
  if (error instanceof URIError) return { status: 400, body: { error: '400 Bad Request' } };
  throw error;
};

export interface ApiServer {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly requests: readonly ApiRequest[];
}

/** The path without any token that somebody wrote into it. */
const withoutTokens = ({ accessTokens, deployTokens }: GitlabWorld, path: string): string =>
  [...accessTokens, ...deployTokens].reduce((text, { value }) => text.replaceAll(value, '[REDACTED]'), path);

const entryOf = (world: GitlabWorld, number: number, request: IncomingMessage): ApiRequest => {
  const path = withoutTokens(world, request.url ?? '');
  const token = namedToken(world, request.headers);
  return {
    number,
    at: new Date(world.clock.now()).toISOString(),
    method: request.method ?? '',
    path,
    status: 'under way',
    ...(token === undefined ? {} : { token: token.id }),
  };
};

/** GitLab's clock is the world's, also in the header that Node would set by its own. */
const dated = ({ clock }: GitlabWorld, answer: ApiAnswer): ApiAnswer => ({
  ...answer,
  headers: { date: new Date(clock.now()).toUTCString(), ...answer.headers },
});

const cut = (request: IncomingMessage, entry: ApiRequest, status: 'reset' | 'answer lost'): void => {
  entry.status = status;
  request.socket.resetAndDestroy();
};

/** GitLab's REST API v4 over this world. */
export const createApi = (world: GitlabWorld, sender: HookSender, faults: ApiFaults): ApiServer => {
  const routes = apiRoutes(world, sender);
  const requests: ApiRequest[] = [];

  const trueAnswer = async (request: IncomingMessage, entry: ApiRequest): Promise<ApiAnswer> => {
    if (isReuse(namedToken(world, request.headers), pathOf(entry))) entry.reuse = true;
    return answer(world, routes, request).catch(refusal);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const entry = entryOf(world, requests.length + 1, request);
    requests.push(entry);
    const fault = faults.hit(entry.method, pathOf(entry));
    if (fault !== undefined) entry.fault = fault.kind;
    if (fault?.kind === 'reset') {
      cut(request, entry, 'reset');
      return;
    }
    if (fault?.kind === 'slow') {
      await new Promise<void>((resolve) => world.clock.after(fault.seconds * 1000, resolve));
    }
    const hit = fault?.kind === 'error' || fault?.kind === 'rate limit' ? faultAnswer(fault) : undefined;
    const given = hit ?? (await trueAnswer(request, entry));
    if (fault?.kind === 'answer lost') {
      cut(request, entry, 'answer lost');
      return;
    }
    entry.status = given.status;
    reply(response, dated(world, given));
  };

  return { handle, requests };
};
