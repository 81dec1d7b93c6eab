import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server was sent: all that it could keep. */
export interface Received {
  method: string;
  /** path and query */
  url: string;
  headers: IncomingHttpHeaders;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ScriptedServer {
  /** `127.0.0.1:<port>` */
  host: string;
  url: string;
  received: Received[];
  /** TCP connections that were opened to it */
  connections: () => number;
  /** what it answers; tests may change it */
  answer: Answer;
}

/** HTTP servers on this machine that do as they are told; each is closed after its test. */
export const scriptedServers = () => {
  const closes: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closes.splice(0).map((close) => close()));
  });

  return async (answer: Answer = notFound): Promise<ScriptedServer> => {
    const received: Received[] = [];
    let connections = 0;
    const server = createServer((request, response) => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      scripted.answer(request, response);
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const scripted = { host, url: `http://${host}`, received, connections: () => connections, answer };
    closes.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return scripted;
  };
};

export const notFound: Answer = (_request, response) => {
  response.writeHead(404).end('hunter2');
};

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end('hunter2');
  };

export const redirect = (location: string): Answer => status(307, { location });

export const json =
  (body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** Each answer once, in turn, and then the last one for ever. */
export const inTurn = (...answers: [Answer, ...Answer[]]): Answer => {
  let given = 0;
  return (request, response) => {
    const answer = answers[Math.min(given, answers.length - 1)] ?? answers[0];
    given += 1;
    answer(request, response);
  };
};
