import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HookSender } from '../hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiError, type ApiAnswer } from './call.ts';
import { faultAnswer, type ApiFaults } from './faults.ts';
import { answerGraphql } from './registry-tag-rules.ts';
import { apiRoutes, findRoute, type Route } from './routes.ts';

/** A request to the API as it came in, and what became of it. Never holds a token. */
export interface ApiRequest {
  number: number;
  /** ISO 8601, world time */
  at: string;
  method: string;
  /** with its query */
  path: string;
  status: number | 'reset' | 'under way';
  /** the fault that hit it */
  fault?: string;
}

export const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const fieldsOf = (request: IncomingMessage, text: string): Record<string, unknown> => {
  if (text === '') return {};
  if (!(request.headers['content-type'] ?? '').includes('json')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ApiError(400, { error: 'The provided content-type is not supported or the body is no valid JSON' });
  }
};

const checkToken = (world: GitlabWorld, { headers }: IncomingMessage): void => {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const given = headers['private-token'] ?? bearer;
  if (given !== world.instance.token) throw new ApiError(401, { message: '401 Unauthorized' });
};

export const reply = (response: ServerResponse, { status, body, headers = {} }: ApiAnswer): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
};

/** Introspection and all else of GraphQL is not there: see answerGraphql. */
const graphql = async (world: GitlabWorld, request: IncomingMessage): Promise<ApiAnswer> => {
  checkToken(world, request);
  return answerGraphql(world, fieldsOf(request, await readBody(request)));
};

const answer = async (world: GitlabWorld, routes: readonly Route[], request: IncomingMessage): Promise<ApiAnswer> => {
  const url = new URL(request.url ?? '/', 'http://gitlab');
  if (request.method === 'POST' && url.pathname === '/api/graphql') return graphql(world, request);
  const path = url.pathname.replace(/^\/api\/v4(?=\/)/, '');
  const routed = path === url.pathname ? undefined : findRoute(routes, request.method ?? '', path);
  if (routed === undefined) throw new ApiError(404, { error: '404 Not Found' });
  checkToken(world, request);
  const fields = fieldsOf(request, await readBody(request));
  const body = { ...(request.method === 'GET' ? {} : Object.fromEntries(url.searchParams)), ...fields };
  return routed.handle({ params: routed.params, query: url.searchParams, body });
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

/** GitLab's REST API v4 over this world. */
export const createApi = (world: GitlabWorld, sender: HookSender, faults: ApiFaults): ApiServer => {
  const routes = apiRoutes(world, sender);
  const requests: ApiRequest[] = [];

  const record = (request: IncomingMessage): ApiRequest => {
    const at = new Date(world.clock.now()).toISOString();
    const path = (request.url ?? '').replaceAll(world.instance.token, '[REDACTED]');
    const entry: ApiRequest = {
      number: requests.length + 1,
      at,
      method: request.method ?? '',
      path,
      status: 'under way',
    };
    requests.push(entry);
    return entry;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const entry = record(request);
    const fault = faults.hit(entry.method, new URL(entry.path, 'http://gitlab').pathname.replace('/api/v4', ''));
    if (fault !== undefined) entry.fault = fault.kind;
    if (fault?.kind === 'reset') {
      entry.status = 'reset';
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'slow') {
      await new Promise<void>((resolve) => world.clock.after(fault.seconds * 1000, resolve));
    }
    const hit = fault === undefined || fault.kind === 'slow' ? undefined : faultAnswer(fault);
    const given = hit ?? (await answer(world, routes, request).catch(refusal));
    entry.status = given.status;
    reply(response, given);
  };

  return { handle, requests };
};
