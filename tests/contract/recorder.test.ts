import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { virtualClock } from '../../local/clock.ts';
import { recordedAt, startRecorder, type Recorder } from '../../local/recorder/recorder.ts';

/** The recorder between the Lambdas and the local AWS, before an AWS of this test. */

interface Seen {
  rawHeaders: string[];
  url: string;
  body: string;
}

const textOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

let upstream: Server;
let recorder: Recorder;
let seen: Seen[];
let answer: { status: number; headers: string[]; parts: string[] };

beforeEach(async () => {
  seen = [];
  answer = { status: 200, headers: [], parts: ['{"SecretString":"the-secret-value"}'] };
  upstream = createServer((incoming, response) => {
    void textOf(incoming).then((body) => {
      seen.push({ rawHeaders: incoming.rawHeaders, url: incoming.url ?? '', body });
      response.writeHead(answer.status, answer.headers);
      for (const part of answer.parts) response.write(part);
      response.end();
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  recorder = await startRecorder({ upstream: url, clock, region: 'us-gov-west-1', account: '123456789012' });
});

afterEach(async () => {
  await recorder.close();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

const post = (headers: string[], body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(`${recorder.url}/path?query=1`, { method: 'POST', headers, agent: false }, resolve)
      .on('error', reject)
      .end(body);
  });

test('a request arrives as it was sent, and its answer as it was given', async () => {
  answer = { status: 418, headers: ['X-One', 'a', 'X-One', 'b'], parts: ['first ', 'second'] };
  const headers = ['Host', 'api.execute-api.localhost', 'X-Amz-Target', 'a.B', 'x-TWICE', '1', 'x-TWICE', '2'];
  const response = await post([...headers, 'Content-Length', '4'], 'body');
  expect(seen).toMatchObject([{ url: '/path?query=1', body: 'body' }]);
  expect(seen[0]?.rawHeaders.slice(0, headers.length)).toEqual(headers);
  expect([response.statusCode, await textOf(response)]).toEqual([418, 'first second']);
  expect(response.rawHeaders.slice(0, 4)).toEqual(['X-One', 'a', 'X-One', 'b']);
});

test('who asked for what is recorded, and nothing else of it', async () => {
  const client = new SecretsManagerClient({
    endpoint: recorder.url,
    region: 'us-gov-west-1',
    credentials: { accessKeyId: 'AKIDSECRET', secretAccessKey: 'secret-key', sessionToken: 'secret-session' },
    userAgentAppId: 'confirm',
  });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'drawbridge/local/hook' }));
  client.destroy();
  expect(SecretString).toBe('the-secret-value');
  const resource = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:drawbridge/local/hook-??????';
  expect(await recordedAt(recorder.url)).toEqual([
    {
      number: 1,
      at: '2026-01-01T00:00:00.000Z',
      caller: 'confirm',
      target: 'secretsmanager.GetSecretValue',
      permissions: [{ action: 'secretsmanager:GetSecretValue', resources: [resource], conditions: {} }],
    },
  ]);
});

test('what is no call of a JSON protocol is passed on and recorded as such', async () => {
  const response = await post(['Host', 'any', 'Content-Length', '9'], 'not JSON!');
  expect(await textOf(response)).toContain('SecretString');
  expect(recorder.calls).toMatchObject([{ caller: '', target: 'no target' }]);
});

test('when AWS does not answer, the caller is hung up on, and its call was recorded', async () => {
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
  const call = post(['Host', 'any', 'X-Amz-Target', 'a.B', 'Content-Length', '2'], '{}');
  await expect(call).rejects.toThrow('socket hang up');
  expect(recorder.calls).toMatchObject([{ target: 'a.B' }]);
});
