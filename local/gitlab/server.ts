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
import { createWorld } from './world.ts';

export interface Gitlab {
  /** http://127.0.0.1:PORT; the API is below /api/v4 */
  url: string;
  /** a maintainer's access token */
  token: string;
  control: GitlabControl;
  close(): Promise<void>;
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

/** A GitLab instance on a free port of 127.0.0.1: API, hook sender, and control below /_gitlab/. */
export const startGitlab = async (options: { clock: Clock; seed: number }): Promise<Gitlab> => {
  const server = createServer();
  const url = await listen(server);
  const world = createWorld({ ...options, url });
  const sender = createHookSender(world);
  const faults = createApiFaults(world.clock);
  const api = createApi(world, sender, faults);
  const verbs = controlVerbs({ world, sender, faults, api });
  server.on('request', (request, response) => {
    const isControl = request.url?.startsWith('/_gitlab/') ?? false;
    const handled = isControl ? handleControl(verbs, request, response) : api.handle(request, response);
    handled.catch((error: unknown) => {
      // A defect of the double: say so, and never look like GitLab.
      reply(response, { status: 599, body: { error: `GitLab double: ${messageOf(error)}` } });
    });
  });
  return { url, token: world.instance.token, control: gitlabControl(url), close: () => close(server) };
};
