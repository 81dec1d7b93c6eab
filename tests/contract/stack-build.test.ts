import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zip } from '../../local/build/zip.ts';
import { runChild, startChild } from '../../local/children.ts';
import { ensureVenv } from '../../local/venv.ts';

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-build-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a zip is the same for the same input, and others can read it', async () => {
  const entries = () => [
    { name: 'index.mjs', content: Buffer.from('export const handler = 1;'.repeat(99)), executable: false },
    { name: 'bootstrap', content: Buffer.from('#!/bin/sh'), executable: true },
  ];
  const file = join(folder, 'function.zip');
  writeFileSync(file, zip(entries()));
  expect(zip(entries())).toEqual(zip(entries()));
  const script = `
import sys, zipfile, json
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.file_size, oct(i.external_attr >> 16), i.date_time[0]] for i in z.infolist()]))`;
  const { python } = await ensureVenv();
  const seen = JSON.parse(await runChild(python, ['-c', script, file], { env: {} })) as unknown;
  expect(seen).toEqual([
    ['index.mjs', 2475, '0o100644', 1980],
    ['bootstrap', 9, '0o100755', 1980],
  ]);
}, 60_000);

const bundle = `
class RolloutFailed extends Error { name = 'RolloutFailed'; }
export const handler = async (event, context) => {
  if (event.fail) throw new RolloutFailed('it broke');
  return { echo: event, id: context.awsRequestId, time: context.getRemainingTimeInMillis() > 0 };
};`;

/** Lambda's Runtime API: hands out these events one after another, and keeps what is posted back. */
const runtimeApi = (events: object[], posted: { path: string; body: unknown }[]) => {
  let next = 0;
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = String(request.url).replace('/2018-06-01/runtime/', '');
      if (path !== 'invocation/next') {
        posted.push({ path, body: JSON.parse(Buffer.concat(parts).toString()) });
        return response.writeHead(202).end();
      }
      const event = events[next++];
      if (event === undefined) return response.writeHead(410).end();
      response.setHeader('lambda-runtime-aws-request-id', `r${next}`);
      response.setHeader('lambda-runtime-deadline-ms', Date.now() + 5_000);
      return response.end(JSON.stringify(event));
    });
  });
};

test('the local runtime reports an error by its name, as Lambda does, and goes on', async () => {
  writeFileSync(join(folder, 'index.mjs'), bundle);
  const posted: { path: string; body: unknown }[] = [];
  const server = runtimeApi([{ fail: true }, { fail: false }], posted).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = startChild(process.execPath, [join(import.meta.dirname, '../../local/build/bootstrap.ts')], {
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      LAMBDA_TASK_ROOT: folder,
    },
  });
  await child.exited;
  await child.end();
  server.close();
  expect(posted).toEqual([
    {
      path: 'invocation/r1/error',
      body: { errorType: 'RolloutFailed', errorMessage: 'it broke', trace: expect.any(Array) as unknown },
    },
    { path: 'invocation/r2/response', body: { echo: { fail: false }, id: 'r2', time: true } },
  ]);
}, 20_000);
