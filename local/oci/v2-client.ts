import {
  Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';

export interface V2Options {
  /** http://HOST:PORT */
  url: string;
  /** for the token that the registry's challenge asks for; without it the registry has to take everybody */
  login?: { username: string; password: string };
}

export interface V2Request {
  method: string;
  /** below the registry's URL, or a whole Location */
  path: string;
  /** what the right to push is needed for */
  repository: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

export interface V2Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface V2Client {
  send(request: V2Request): Promise<V2Answer>;
  /** Sends a body that is never whole in memory. It can be sent once: the login is refreshed by the request before it. */
  stream(request: V2Request, body: { chunks: AsyncIterable<Buffer>; length: number }): Promise<V2Answer>;
  /** An answer's Location, whole. */
  locationOf(answer: V2Answer): string;
}

export const refusedBy = (what: string, { status, body }: V2Answer): Error =>
  new Error(`the registry answers ${what} with ${status}: ${body.slice(0, 300)}`);

const answerOf = (sent: ClientRequest): Promise<V2Answer> =>
  new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
  });

/** Ends when these bytes are on their way, so that their memory may be used again, or when nobody takes them any more. */
const written = (sent: ClientRequest, chunk: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      sent.off('close', done);
      resolve();
    };
    sent.on('close', done);
    sent.write(chunk, done);
  });

/** Stops when the registry has answered or gone: the answer says why. */
const writeAll = async (sent: ClientRequest, chunks: AsyncIterable<Buffer>): Promise<void> => {
  for await (const chunk of chunks) {
    if (sent.destroyed) return;
    await written(sent, chunk);
  }
  sent.end();
};

/** Realm, service and scope of `Bearer realm="…",service="…",scope="…"`. */
const challengeOf = ({ headers }: V2Answer): Record<string, string> =>
  Object.fromEntries(
    [...(headers['www-authenticate'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

const tokenFor = async (login: NonNullable<V2Options['login']>, refused: V2Answer): Promise<string> => {
  const { realm = '', service = '', scope = '' } = challengeOf(refused);
  const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const query = new URLSearchParams({ service, scope });
  const answer = await fetch(`${realm}?${query.toString()}`, { headers: { authorization: `Basic ${basic}` } });
  if (!answer.ok) throw new Error(`login to the registry: ${answer.status}`);
  return ((await answer.json()) as { token: string }).token;
};

/** A connection to one registry, and the tokens got so far. */
interface Session {
  url: string;
  agent: Agent;
  tokens: Map<string, string>;
}

const open = ({ url, agent, tokens }: Session, asked: V2Request, length: number | undefined): ClientRequest => {
  const token = tokens.get(asked.repository);
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const sized = length === undefined ? {} : { 'Content-Length': length };
  const headers = { ...asked.headers, ...authorization, ...sized };
  return httpRequest(new URL(asked.path, url), { method: asked.method, agent, headers });
};

const sendOnce = (session: Session, asked: V2Request): Promise<V2Answer> => {
  const reads = asked.method === 'GET' || asked.method === 'HEAD';
  const sent = open(session, asked, reads ? undefined : (asked.body?.length ?? 0));
  const answer = answerOf(sent);
  sent.end(asked.body);
  return answer;
};

const streamOnce = async (
  session: Session,
  asked: V2Request,
  { chunks, length }: { chunks: AsyncIterable<Buffer>; length: number },
): Promise<V2Answer> => {
  const sent = open(session, { ...asked, headers: { 'Content-Type': 'application/octet-stream' } }, length);
  const written = writeAll(sent, chunks).catch((error: unknown) => {
    // The bytes are not what they should be: the blob must not come to its end.
    sent.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [answer] = await Promise.all([answerOf(sent), written]);
  return answer;
};

/** Speaks to one registry over kept connections. */
export const createV2Client = ({ url, login }: V2Options): V2Client => {
  const session: Session = { url, agent: new Agent({ keepAlive: true }), tokens: new Map() };
  return {
    send: async (asked) => {
      const answer = await sendOnce(session, asked);
      if (answer.status !== 401 || login === undefined) return answer;
      session.tokens.set(asked.repository, await tokenFor(login, answer));
      return sendOnce(session, asked);
    },
    stream: (asked, body) => streamOnce(session, asked, body),
    locationOf: ({ headers }) => new URL(headers.location ?? '', url).href,
  };
};
