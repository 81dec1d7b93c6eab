import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../local/build/build.ts';
import { howToGet, missingPrograms } from '../../local/third-party.ts';
import { measureAnswers } from './answer-times.ts';
import { bundleInputs, bundleSizes } from './bundles.ts';
import { measureColdStarts } from './cold-start.ts';
import { measureCopies } from './copy/measure-copies.ts';
import { copyGates, gates } from './gates.ts';
import { inWords } from './report.ts';
import type { Hooks, Report } from './report.ts';

const hookName = 'pipeline-webhook';
const registryName = 'registry-webhook';

/** Sizes of freshly built bundles, the hook's answer times, and the doors' cold starts. */
const benchHooks = async (folder: string): Promise<Hooks> => {
  const [out, home] = [join(folder, 'build'), join(folder, 'home')];
  mkdirSync(home);
  await build({ out, bootstrap: false, caBundle: '' });
  const bundles = await bundleSizes(out);
  const size = bundles.find(({ name }) => name === hookName);
  if (!size) throw new Error(`the build made no ${hookName}`);
  const inputs = await bundleInputs(out, hookName);
  const hook = await measureAnswers(join(out, hookName, 'index.mjs'), home);
  const taskRoots = { hook: join(out, hookName), registry: join(out, registryName) };
  const coldStart = await measureColdStarts({ taskRoots, home, empty: join(folder, 'empty') });
  return { bundles, hook, coldStart, gates: gates({ hook: size, inputs, ratios: hook.ratios, coldStart }) };
};

/** Copies need programs of others; without them they are left out, which is said. */
const benchCopies = async (folder: string): Promise<Pick<Report, 'copies' | 'leftOut'>> => {
  const missing = missingPrograms();
  if (missing.length > 0) return { leftOut: `copies: ${missing.join(', ')} not installed. ${howToGet}` };
  const copies = await measureCopies(folder);
  return { copies: { ...copies, gates: copyGates(copies) } };
};

/** `npm run bench`: all of it, or with `-- hook` or `-- copy` a part. Exit code 1 when a gate fails. */
const bench = async (folder: string, part: string | undefined): Promise<Report> => {
  const copied = part === 'hook' ? {} : await benchCopies(folder);
  const hooks = part === 'copy' ? {} : { hooks: await benchHooks(folder) };
  const judged = [...(hooks.hooks?.gates ?? []), ...(copied.copies?.gates ?? [])];
  return { ok: judged.every(({ ok }) => ok), ...hooks, ...copied };
};

/** A folder that goes with this process, also when it is interrupted. */
const ownFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-bench-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  return folder;
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const report = await bench(ownFolder(), positionals[0]);
console.log(values.json ? JSON.stringify(report) : inWords(report));
process.exitCode = report.ok ? 0 : 1;
