import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { ManagerCredentials } from '../../../lib/ports/vault.ts';
import { raisedBy } from './canned-answers.ts';

/** What GitLab was sent. */
export interface Sent {
  /** `PUT /api/v4/projects/1` */
  call: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** One answer of GitLab's; `cut` ends the connection without one. */
export type Said = { status?: number; body?: unknown; headers?: Record<string, string> } | 'cut';

export const managerToken = 'hunter2-manager';

const say = (response: ServerResponse, said: Said): void => {
  if (said === 'cut') {
    response.socket?.destroy();
    return;
  }
  const { status = 200, body = {}, headers = {} } = said;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(status === 204 ? undefined : text);
};

/** A GitLab that says what it is told, in turn and then the last for ever; opened anew for each test. */
export const gitlabStage = () => {
  const stage = { sent: [] as Sent[], answers: [] as Said[], url: '', pending: undefined as string | undefined };
  let server: Server;
  beforeEach(async () => {
    Object.assign(stage, { sent: [], answers: [], pending: undefined });
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { method = '', url = '', headers } = request;
        stage.sent.push({ call: `${method} ${url}`, headers, body: text === '' ? undefined : JSON.parse(text) });
        say(response, stage.answers[Math.min(stage.sent.length, stage.answers.length) - 1] ?? { status: 599 });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stage.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const answers = (...said: Said[]): void => {
    stage.answers = said;
  };
  /** As `own` says, else a manager's own token; after a 401 what is `pending`, if anything. */
  const manager =
    (own = true) =>
    (refused?: ManagerCredentials) => {
      const token = refused === undefined ? managerToken : (stage.pending ?? refused.token);
      return Promise.resolve({ url: stage.url, token, manager: own });
    };
  const calls = (): string[] => stage.sent.map(({ call }) => call);
  return { stage, answers, manager, calls };
};

/** What it raised, which shows nothing that was sent or answered. */
export const failureOf = async (act: () => Promise<unknown>): Promise<Error> => {
  const failure = await raisedBy(act);
  const shown = inspect(failure, { showHidden: true, depth: 10 });
  for (const secret of ['hunter2', 'whsec_', '127.0.0.1', 'glpat-']) expect(shown).not.toContain(secret);
  return failure;
};

/** Each answer that is no success, and the failure that it stands for. */
export const refusals: [Said, string][] = [
  ...[401, 403, 404].map((status): [Said, string] => [{ status, body: 'hunter2' }, 'OutOfReach']),
  ...[405, 409, 413].map((status): [Said, string] => [{ status, body: { message: 'hunter2' } }, 'GitLabRefused']),
  ...[429, 500, 502, 503].map((status): [Said, string] => [{ status, body: 'hunter2' }, 'GitLabUnavailable']),
  [{ status: 302, headers: { location: '/elsewhere' } }, 'GitLabUnavailable'],
  ['cut', 'GitLabUnavailable'],
];
