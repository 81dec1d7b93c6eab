import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent, createServer as createHttpServer, type RequestListener } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { withDirectReading } from '../../../../lib/adapters/registry/direct-bytes.ts';
import { chunksOf, exchangeOver } from '../../../../lib/adapters/registry/exchange.ts';
import { DeployFailure } from '../../../../lib/domain/failure.ts';
import { bytesOf, digestOf } from './registry-stage.ts';

const content = randomBytes(5_000_000);
const told = (bytes: Buffer) => ({ length: bytes.length, digest: digestOf(bytes) });

// TLS by a key that both sides know, so that nobody needs a certificate: https://nodejs.org/api/tls.html#pre-shared-keys
const psk = Buffer.alloc(16, 'k');
const ciphers = 'PSK-AES128-GCM-SHA256:@SECLEVEL=0';
const tls = { ciphers, maxVersion: 'TLSv1.2' } as const;
const agents = () => {
  const known = { pskCallback: () => ({ psk, identity: 'a' }), checkServerIdentity: () => undefined };
  return {
    http: withDirectReading(new HttpAgent({ keepAlive: true })),
    https: withDirectReading(new HttpsAgent({ keepAlive: true, ...tls, ...known })),
  };
};
const serverOf = {
  http: (listener: RequestListener): Server => createHttpServer(listener),
  https: (listener: RequestListener): Server => createHttpsServer({ ...tls, pskCallback: () => psk }, listener),
};

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const started = async (scheme: 'http' | 'https', listener: RequestListener) => {
  const server = serverOf[scheme](listener);
  servers.push(server);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const own = agents();
  const exchange = exchangeOver(own);
  const quiet = 2_000;
  const asked = (method: 'GET' | 'HEAD' = 'GET') => exchange({ method, url, headers: {}, quiet });
  const read = async () => chunksOf(await asked(), { quiet, facts: {} });
  const close = () => {
    own.http.destroy();
    own.https.destroy();
  };
  return { asked, read, close, connections: () => connections };
};

const failureOf = async (bytes: AsyncIterable<Buffer>): Promise<unknown> =>
  bytesOf(bytes).then(
    () => 'nothing was raised',
    (error: unknown) => error,
  );

const whole: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': content.length }).end(content);
};

describe.each(['http', 'https'] as const)('a long body over %s', (scheme) => {
  test('comes whole, as one of several side by side', async () => {
    const { read } = await started(scheme, whole);
    const bodies = await Promise.all(Array.from({ length: 4 }, async () => told(await bytesOf(await read()))));
    expect(bodies).toEqual(Array.from({ length: 4 }, () => told(content)));
  });

  test('comes whole to somebody who is slow to begin and slow to go on', async () => {
    const { read } = await started(scheme, whole);
    const chunks: Buffer[] = [];
    for await (const chunk of await read()) {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      chunks.push(Buffer.from(chunk));
    }
    expect(told(Buffer.concat(chunks))).toEqual(told(content));
  });

  test('is read into the same memory again and again', async () => {
    const { read } = await started(scheme, whole);
    const memory = new Set<ArrayBufferLike>();
    for await (const { buffer } of await read()) memory.add(buffer);
    // what came with the head, and two for all else
    expect(memory.size).toBeLessThanOrEqual(3);
  });

  test.each([0, 1, 999_999, 4_999_999])('that breaks off after %p bytes is a failure there', async (length) => {
    const { read } = await started(scheme, (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, length), () => response.socket?.end());
      if (length === 0) response.flushHeaders();
    });
    const chunks: Buffer[] = [];
    const kept = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of await read()) {
        chunks.push(Buffer.from(chunk));
        yield chunk;
      }
    };
    const failure = await failureOf(kept());
    expect(failure).toBeInstanceOf(DeployFailure);
    expect(failure).toMatchObject({
      name: 'RegistryUnavailable',
      message: expect.stringContaining('broke off') as string,
    });
    expect(told(Buffer.concat(chunks))).toEqual(told(content.subarray(0, length)));
  });

  test('whose connection is dropped is a failure', async () => {
    const { read } = await started(scheme, (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100_000), () => response.destroy());
    });
    expect(await failureOf(await read())).toMatchObject({ name: 'RegistryUnavailable' });
  });

  test('that its reader leaves closes the connection', async () => {
    const closed = Promise.withResolvers<undefined>();
    const { read } = await started(scheme, (request, response) => {
      response.on('close', () => {
        closed.resolve(undefined);
      });
      whole(request, response);
    });
    for await (const chunk of await read()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await closed.promise;
  });
});

test('a long body that stalls is given up', async () => {
  const { asked } = await started('http', (_request, response) => {
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 2_000_000));
  });
  const failure = await failureOf(chunksOf(await asked(), { quiet: 300, facts: {} }));
  expect(failure).toMatchObject({ name: 'RegistryUnavailable', message: expect.stringContaining('no byte') as string });
});

test('what comes behind the end of a long body is not of it', async () => {
  const { read } = await started('http', (_request, response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${content.length - 10}\r\n\r\n`);
    response.socket?.write(content);
  });
  expect(told(await bytesOf(await read()))).toEqual(told(content.subarray(0, -10)));
});

test.each<[string, RequestListener]>([
  ['short', (_request, response) => response.end(content.subarray(0, 1_000))],
  [
    'of no told length',
    (_request, response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(content),
  ],
])('a body that is %s leaves the connection to the next one', async (_what, listener) => {
  const { read, close, connections } = await started('http', listener);
  const first = await bytesOf(await read());
  expect(told(await bytesOf(await read()))).toEqual(told(first));
  expect(connections()).toBe(1);
  close();
});

test('a length without a body is none to wait for', async () => {
  const { asked, close, connections } = await started('http', whole);
  for (const method of ['HEAD', 'HEAD'] as const) {
    const answer = await asked(method);
    expect(await bytesOf(chunksOf(answer, { quiet: 2_000, facts: {} }))).toHaveLength(0);
  }
  expect(connections()).toBe(1);
  close();
});
