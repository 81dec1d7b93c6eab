import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, project } from '../../local/build/build.ts';
import { importEnvironment } from '../../local/build/environment.ts';
import { zip } from '../../local/build/zip.ts';
import { runChild } from '../../local/children.ts';
import { ensureVenv } from '../../local/venv.ts';
import { bundleInputs, bundleSizes } from '../bench/bundles.ts';
import { startHostedLambda } from '../bench/hosted-lambda.ts';

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

test('the local runtime reports an error by its name, as Lambda does, and goes on', async () => {
  writeFileSync(join(folder, 'index.mjs'), bundle);
  const client = join(import.meta.dirname, '../../local/build/bootstrap.ts');
  const lambda = await startHostedLambda({ client, taskRoot: folder, env: {} });
  try {
    const reported = '{"errorType":"RolloutFailed","errorMessage":"it broke","trace":[';
    await expect(lambda.invoke({ fail: true })).rejects.toThrow(reported);
    expect(await lambda.invoke({ fail: false })).toEqual({ echo: { fail: false }, id: '2', time: true });
  } finally {
    await lambda.end();
  }
}, 20_000);

test('certificates that are none fail the build, before anything is deployed that would not trust GitLab', async () => {
  const file = join(folder, 'no-certificate.pem');
  writeFileSync(file, 'a note');
  await expect(build({ out: folder, bootstrap: false, caBundle: file })).rejects.toThrow('holds no PEM certificate');
}, 60_000);

describe('what is built', () => {
  const out = join(folder, 'built');
  const certificates = join(folder, 'ca-of-gitlab.pem');

  beforeAll(async () => {
    writeFileSync(certificates, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    await build({ out, bootstrap: false, caBundle: certificates });
  }, 60_000);

  test('given certificates come with each function', async () => {
    const list = 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("ca.pem").decode(), end="")';
    const { python } = await ensureVenv();
    const read = await runChild(python, ['-c', list, join(out, 'confirm.zip')], { env: {} });
    expect(read).toBe(readFileSync(certificates, 'utf8'));
  }, 60_000);

  test.each(['pipeline-webhook', 'registry-webhook'])(
    "%s loads nothing of Node's own fetch: each cold start would pay for it",
    async (name) => {
      const hook = pathToFileURL(join(out, name, 'index.mjs')).href;
      const script = `await import('${hook}'); console.log(JSON.stringify(process.moduleLoadList))`;
      const args = ['--input-type=module', '--eval', script];
      const loaded = await runChild(process.execPath, args, { env: await importEnvironment(project) });
      expect(loaded).toContain('NativeModule https');
      expect(loaded).not.toContain('undici');
    },
    60_000,
  );

  test('the reader of GitLab’s tag rules is in the one bundle that asks for them', async () => {
    const names = (await bundleSizes(out)).map(({ name }) => name);
    const inputs = await Promise.all(names.map((name) => bundleInputs(out, name)));
    const holders = names.filter((_name, index) =>
      inputs[index]?.some((input) => input.includes('node_modules/re2js/')),
    );
    expect(holders).toEqual(['confirm']);
  });
});
