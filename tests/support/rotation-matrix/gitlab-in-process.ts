import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { VirtualClock } from '../../../local/clock.ts';
import { createApiFaults, type ApiFaults } from '../../../local/gitlab/api/faults.ts';
import { createApi, type ApiServer } from '../../../local/gitlab/api/serve.ts';
import { createHookSender } from '../../../local/gitlab/hook-sender.ts';
import { createContainerRegistry } from '../../../local/gitlab/registry/container-registry.ts';
import { createWorld, type GitlabWorld } from '../../../local/gitlab/world.ts';

/**
 * The GitLab double without a network: the matrix makes a hundred thousand requests, and a socket each would take longer than all
 * the rest.
 */
export interface GitlabInProcess {
  world: GitlabWorld;
  /** every request to the API */
  requests: ApiServer['requests'];
  faults: ApiFaults;
  /** what `fetch` is to be */
  fetch: typeof fetch;
}

export const gitlabUrl = 'http://127.0.0.1';

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** As much of node's request as the double reads. */
const requestOf = (url: URL, init: RequestInit, cut: () => void): IncomingMessage => {
  const body = typeof init.body === 'string' ? [Buffer.from(init.body)] : [];
  const { pathname, search } = url;
  const headers = Object.fromEntries(new Headers(init.headers));
  const facts = { method: init.method ?? 'GET', url: `${pathname}${search}`, headers, rawHeaders: [] };
  return Object.assign(Readable.from(body), { ...facts, socket: { resetAndDestroy: cut } }) as never;
};

/** As much of node's response as the double writes. */
const responseTo = (answered: (response: Response) => void): ServerResponse => {
  let head: { status: number; headers: Record<string, string> } = { status: 200, headers: {} };
  const parts: Buffer[] = [];
  const write = (part: Buffer | string): true => {
    parts.push(Buffer.from(part));
    return true;
  };
  const end = (part?: Buffer | string): void => {
    if (part !== undefined) write(part);
    const body = head.status === 204 ? null : Buffer.concat(parts);
    const headers = Object.entries(head.headers).map(([name, value]): [string, string] => [name, value]);
    answered(new Response(body, { status: head.status, headers }));
  };
  const writeHead = (status: number, headers: Record<string, string> = {}): void => {
    head = { status, headers };
  };
  return { writeHead, write, end, destroyed: false } as never;
};

const served = (serve: Serve, url: URL, init: RequestInit): Promise<Response> =>
  new Promise((resolve, reject) => {
    const cut = (): void => {
      reject(new TypeError('fetch failed'));
    };
    serve(requestOf(url, init, cut), responseTo(resolve)).catch(reject);
  });

export const gitlabInProcess = (clock: VirtualClock): GitlabInProcess => {
  const world = createWorld({ clock, seed: 1, url: gitlabUrl });
  const faults = createApiFaults(clock);
  const api = createApi(world, createHookSender(world), faults);
  const registry = createContainerRegistry({ world, seed: 1, storageUrl: gitlabUrl });
  return {
    world,
    requests: api.requests,
    faults,
    fetch: (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const login: Serve = (request, response) => registry.serve('login', request, response);
      const answer: Serve = (request, response) => api.handle(request, response);
      return served(url.pathname === '/jwt/auth' ? login : answer, url, init);
    },
  };
};
