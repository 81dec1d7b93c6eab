import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';

/** Where GitLab's hooks come in: one address for all worlds of a test file, one of which takes what comes. */
export interface HookReceiver {
  url: string;
  /** who takes hooks from now on; rejecting one refuses it */
  serve: (receive: (hook: RawHook) => Promise<void>) => void;
  close: () => void;
}

const hookOf = async (request: IncomingMessage): Promise<RawHook> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]);
  return { headers: Object.fromEntries(headers) as RawHook['headers'], body: Buffer.concat(chunks) };
};

export const hookReceiver = async (): Promise<HookReceiver> => {
  let receive: (hook: RawHook) => Promise<void> = () => Promise.reject(new Error('nobody is there'));
  const server = createServer((request, response) => {
    hookOf(request)
      .then((hook) => receive(hook))
      .then(
        () => response.writeHead(200).end(),
        () => response.writeHead(401).end(),
      );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/gitlab`,
    serve: (next) => {
      receive = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
