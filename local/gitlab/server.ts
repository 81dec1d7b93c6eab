import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ApiError } from './api/call.ts';
import { createApiFaults } from './api/faults.ts';
import { createApi, readBody, reply } from './api/serve.ts';
import { controlInputs, type ControlVerb } from './control-inputs.ts';
import { controlVerbs } from './control-verbs.ts';
import { gitlabControl, type GitlabControl } from './control.ts';
import type { ControlVerbs } from './double.ts';
import { createHookSender } from './hook-sender.ts';
import type { Hosts } from './post-hook.ts';
import { createContainerRegistry } from './registry/container-registry.ts';
import { createWorld } from './world.ts';

export interface Gitlab {
  /** http://127.0.0.1:PORT; the API is below /api/v4 */
  url: string;
  /** host and port of its container registry */
  registryHost: string;
  /** a maintainer's access token */
  token: string;
  control: GitlabControl;
  close(): Promise<void>;
}

export interface GitlabOptions {
  clock: Clock;
  seed: number;
  hosts?: Hosts;
}

const messageOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
};

const isVerb = (name: string): name is ControlVerb => Object.hasOwn(controlInputs, name);

const runVerb = (verbs: ControlVerbs, name: string, body: string): unknown => {
  if (!isVerb(name)) throw new Error(`no such verb; there are ${Object.keys(controlInputs).join(', ')}`);
  const input = controlInputs[name].parse(JSON.parse(body === '' ? '{}' : body));
  const verb = verbs[name] as (input: unknown) => unknown;
  return verb(input);
};

const handleControl = async (
  verbs: ControlVerbs,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const name = (request.url ?? '').slice('/_gitlab/'.length);
  try {
    if (request.method !== 'POST') throw new Error('verbs are POSTed');
    reply(response, { status: 200, body: { result: await runVerb(verbs, name, await readBody(request)) } });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const refused = error instanceof ApiError ? JSON.stringify(error.answer.body) : messageOf(error);
    reply(response, { status: 400, body: { error: refused } });
  }
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

type Handling = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A defect of the double is said, and never looks like GitLab. */
const answerBy = (server: Server, handle: Handling): void => {
  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else reply(response, { status: 599, body: { error: `GitLab double: ${messageOf(error)}` } });
    });
  });
};

/**
 * ms that GitLab's nginx leaves an idle connection open (https://gitlab.com/gitlab-org/omnibus-gitlab/commit/78862837). After
 * Node's five seconds, who had been busy for longer would send its next request into a closed one.
 */
const keepAliveTimeout = 65_000;

/** Free ports of 127.0.0.1: GitLab itself, its registry, the registry's object storage. */
const openServers = async () => {
  const servers = { gitlab: createServer({ keepAliveTimeout }), registry: createServer(), storage: createServer() };
  return {
    servers,
    url: await listen(servers.gitlab),
    registryHost: new URL(await listen(servers.registry)).host,
    storageUrl: await listen(servers.storage),
    close: async () => {
      await Promise.all(Object.values(servers).map(close));
    },
  };
};

/**
 * A GitLab instance on free ports of 127.0.0.1: API, hook sender, and control below /_gitlab/; its container registry
 * and the object storage of that. `hosts`: receivers that stand on this machine for names of the world outside, so that
 * hooks can have their true URL.
 */
export const startGitlab = async (options: GitlabOptions): Promise<Gitlab> => {
  const { servers, url, registryHost, storageUrl, close } = await openServers();
  const world = createWorld({ ...options, url, registryHost });
  const sender = createHookSender(world);
  const faults = createApiFaults(world.clock);
  const api = createApi(world, sender, faults);
  const registry = createContainerRegistry({ world, seed: options.seed, storageUrl });
  const verbs = controlVerbs({ world, sender, faults, api, registry });
  answerBy(servers.gitlab, (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/_gitlab/')) return handleControl(verbs, request, response);
    if (/^\/jwt\/auth(\?|$)/.test(path)) return registry.serve('login', request, response);
    return api.handle(request, response);
  });
  answerBy(servers.registry, (request, response) => registry.serve('registry', request, response));
  answerBy(servers.storage, (request, response) => registry.serve('storage', request, response));
  return { url, registryHost, token: world.instance.token, control: gitlabControl(url), close };
};
