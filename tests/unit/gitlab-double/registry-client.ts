import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import type { Double } from './receiver.ts';

export const indexType = 'application/vnd.oci.image.index.v1+json';
export const imageType = 'application/vnd.oci.image.manifest.v1+json';

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** the connection ended before the answer did */
  broken: boolean;
}

type Init = { method?: string; headers?: Record<string, string>; body?: string };

// Kept connections: who waits for an end that does not come, is to notice.
const agent = new Agent({ keepAlive: true });

/** One request that follows no redirect, and keeps what came before a connection broke. */
export const get = (url: string, init: Init = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: init.method ?? 'GET', headers: init.headers ?? {}, agent }, (response) => {
      const chunks: Buffer[] = [];
      const done = (broken: boolean) => () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, broken });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', done(true)).on('end', done(false));
    });
    sent.on('error', reject);
    sent.end(init.body);
  });

export const json = ({ bytes }: Got): unknown => JSON.parse(bytes.toString('utf8'));

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Asks again until it is so; each question is a request of its own, and that is pause enough. */
export const until = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  for (let asked = 0; asked < 2000; asked += 1) if (await look()) return;
  throw new Error(`after 2000 questions still not so: ${what}`);
};

/** A client of the double's registry that logs in as it is told, for the right that it is told. */
export const registryClient = ({ registryHost, url, token }: Double) => {
  const login = (scope: string, username = 'anybody', password = token): Promise<Got> =>
    get(`${url}/jwt/auth?service=container_registry&scope=${scope}`, {
      headers: { authorization: basic(username, password) },
    });
  const tokenFor = async (scope: string, username?: string, password?: string): Promise<string> =>
    (json(await login(scope, username, password)) as { token: string }).token;
  const ask = (path: string, bearer?: string, init: Init = {}): Promise<Got> => {
    const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    return get(`http://${registryHost}/v2${path}`, { ...init, headers: { ...authorization, ...init.headers } });
  };
  /** Where the registry sends those who ask for this blob. */
  const linkOf = async (repository: string, digest: string, bearer: string): Promise<string> =>
    (await ask(`/${repository}/blobs/${digest}`, bearer)).headers.location ?? '';
  return { login, tokenFor, ask, linkOf };
};
