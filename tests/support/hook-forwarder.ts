import { Agent, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forwarded } from '../../local/forward.ts';
import { deployed } from './deployed.ts';

/** A request of a registry's to our door, and what the door said. */
export interface Passed {
  body: string;
  status: number;
  answer: string;
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** The local AWS knows an API by its Host, which Go's HTTP client, and so a real registry, sends of its own accord only. */
const withHost = ({ rawHeaders }: IncomingMessage): string[] => {
  const kept = rawHeaders.flatMap((name, at) => {
    const isName = at % 2 === 0 && name.toLowerCase() !== 'host';
    return isName ? [name, rawHeaders[at + 1] ?? ''] : [];
  });
  return [...kept, ...Object.entries(deployed.hookHeaders).flat()];
};

/** Passes a real registry's notifications on to our registry hook, as they are but for Host. */
export const startHookForwarder = async () => {
  const passed: Passed[] = [];
  const agent = new Agent();
  const hook = new URL(deployed.registryHookUrl);
  const pass = async (request: IncomingMessage): Promise<Passed> => {
    const body = await bodyOf(request);
    const sent = { method: 'POST', url: hook.pathname, rawHeaders: withHost(request), body };
    const answer = await forwarded({ agent, url: hook }, sent);
    return { body: body.toString(), status: answer.statusCode ?? 0, answer: (await bodyOf(answer)).toString() };
  };
  const server = createServer((request, response) => {
    pass(request).then(
      (one) => {
        passed.push(one);
        response.writeHead(one.status).end(one.answer);
      },
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
    agent.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, passed, close };
};
