import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../local/build/build.ts';
import { measureAnswers } from './answer-times.ts';
import { bundleInputs, bundleSizes } from './bundles.ts';
import { measureColdStarts } from './cold-start.ts';
import { gates } from './gates.ts';
import { inWords } from './report.ts';
import type { Report } from './report.ts';

const hookName = 'pipeline-webhook';
const registryName = 'registry-webhook';

/** `npm run bench`: sizes of freshly built bundles, the hook's answer times and its cold start. Exit code 1 when a gate fails. */
const bench = async (folder: string): Promise<Report> => {
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
  const judged = gates({ hook: size, inputs, ratios: hook.ratios, coldStart });
  return { ok: judged.every(({ ok }) => ok), bundles, hook, coldStart, gates: judged };
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

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const report = await bench(ownFolder());
console.log(values.json ? JSON.stringify(report) : inWords(report));
process.exitCode = report.ok ? 0 : 1;
