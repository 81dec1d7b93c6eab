import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { virtualClock } from '../../../local/clock.ts';
import type { Hosts } from '../../../local/gitlab/post-hook.ts';
import { startGitlab } from '../../../local/gitlab/server.ts';

/** What a webhook receiver got, as it came over the wire. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A webhook receiver that answers as told: a status, or nothing at all. */
export const startReceiver = async () => {
  const received: Received[] = [];
  const answer = { status: 202 as number | 'none', body: '{}' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      if (answer.status !== 'none') response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/pipeline`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, received, answer, close };
};

export const signingToken = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

/** A GitLab on virtual time with acme/web (4711) and a receiver, not yet connected. */
export const startDouble = async (options: { hosts?: Hosts } = {}) => {
  const clock = virtualClock();
  const gitlab = await startGitlab({ clock, seed: 1, ...options });
  const receiver = await startReceiver();
  const { control, token, url, registryHost } = gitlab;
  await control.createProject({ id: 4711, path: 'acme/web' });

  /** One call of the API: method and path below /api/v4. */
  const api = async (call: string, body?: unknown, headers: Record<string, string> = { 'PRIVATE-TOKEN': token }) => {
    const [method = '', path = ''] = call.split(' ');
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const sent = { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(`${url}/api/v4${path}`, { method, headers: sent, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as unknown };
  };
  const close = async (): Promise<void> => {
    receiver.close();
    await gitlab.close();
  };
  return { clock, control, receiver, api, token, url, registryHost, close };
};

export type Double = Awaited<ReturnType<typeof startDouble>>;
