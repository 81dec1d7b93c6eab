import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureVenv } from '../local/venv.ts';
import { runDeployed, runJest, sum, type Counts } from './levels.ts';
import * as cuts from './soak/cuts.ts';
import * as load from './soak/hook-load.ts';
import * as loaded from './soak/hook-load-judged.ts';
import * as rotating from './soak/rotations-at-workers.ts';
import * as judged from './soak/rotations-judged.ts';
import { faults, run } from './soak/wrong-tokens.ts';

/**
 * `npm run soak`: what `npm test` does in part, in full: properties with a million inputs each, ten thousand copies that are
 * cut anywhere, in memory, and a thousand over the wire, deployments and swaps that die anywhere, twenty swaps in a row under
 * traffic, fifty rotations of the hook secret at worker processes and fifty of both secrets on the deployed stack, all under
 * hooks, forty pushes of which three in ten are told to nobody, a minute of wrong tokens at the door, a minute of hooks as
 * fast as it answers, and the end-to-end level in both settings. `-- --share 0.1` does a tenth of each, chosen by the printed
 * seed, and leaves out what `npm test` has a share of already: rotations at workers, copies over the wire, deaths, and
 * the end-to-end level. `DRAWBRIDGE_SEED=<seed>` does it again. The last line is `N passed, N failed`.
 */
const wholeFuzz = 1_000_000;
const wholeFlood = 60; // seconds
const wholeLoad = 60; // seconds
const wholeCuts = 10_000; // copies
const wholeWireCuts = 1_000; // copies
const wholeSwaps = 20; // in a row
const wholeRotations = 50; // in a row
const wholeLossy = 10; // targets, each with four pushes

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const askedShare = (): number => {
  const { values } = parseArgs({ options: { share: { type: 'string', default: '1' } } });
  const share = Number(values.share);
  if (share > 0 && share <= 1) return share;
  process.stderr.write(`--share is more than 0 and at most 1, not ${values.share}\n`);
  process.exit(2);
};

const fuzzFiles = (): string[] => {
  const folder = join(import.meta.dirname, 'unit');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return files.map((name) => join(folder, name)).filter((file) => readFileSync(file, 'utf8').includes('fuzzRuns'));
};

const fuzz = async (share: number): Promise<Counts> => {
  const wanted = Math.ceil(wholeFuzz * share);
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-fuzz-'));
  try {
    const file = join(folder, 'tried');
    writeFileSync(file, '');
    const files = fuzzFiles();
    const counts = await runJest('unit', files, { FUZZ_RUNS: String(wanted), FUZZ_TRIED: file });
    const tried = readFileSync(file, 'utf8').trimEnd().split('\n').map(Number);
    say(`properties: ${tried.join(', ')} inputs tried, ${wanted} wanted of each`);
    const enough = tried.length >= files.length && tried.every((inputs) => inputs >= wanted);
    return enough ? counts : sum([counts, { passed: 0, failed: 1 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Copies that are cut and killed anywhere; the seed of one that fails is in what it says. */
const memoryCuts = (share: number): Promise<Counts> =>
  runJest('unit', ['transfer/cuts'], { CUT_RUNS: String(Math.ceil(wholeCuts * share)) });

/** Deployments and swaps of colours, disturbed at every call. */
const deaths = (): Promise<Counts> => runJest('workflow', ['death-matrix'], { MATRIX_SHARE: '1' });

const flood = async (share: number): Promise<Counts> => {
  const seconds = Math.ceil(wholeFlood * share);
  const met = await run(seconds);
  const { answers } = met.steady;
  const wrong = faults(met, seconds);
  say(`wrong tokens: ${seconds} s, answers ${JSON.stringify(answers)}${wrong.map((fault) => `; ${fault}`).join('')}`);
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length };
};

/** The door as fast as it answers, while some of its calls to AWS fail; the seed chooses which. */
const hookLoad = async (share: number, seed: number): Promise<Counts> => {
  const found = await load.run({ seconds: Math.ceil(wholeLoad * share), seed });
  const wrong = loaded.faults(found);
  for (const line of [...loaded.lines(found), ...wrong]) say(`  ${line}`);
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length };
};

/** As many as there are to be, or it is a fault. */
const rotationsAtWorkers = async (): Promise<Counts> => {
  const found = await rotating.run(wholeRotations);
  const wrong = [...judged.faults(found), ...judged.tooFew(found)];
  const { promoted, seconds, answers, outcomes, coldWorkers } = judged.summary(found);
  say(
    `rotations at workers: ${promoted} in ${seconds} s, ${coldWorkers} cold workers, accepted ${JSON.stringify(outcomes)}`,
  );
  say(`  answers ${JSON.stringify(answers)}`);
  for (const fault of wrong) say(`  ${fault}`);
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length };
};

const wireCuts = async (firstSeed: number): Promise<Counts> => {
  const found = await cuts.run(wholeWireCuts, firstSeed);
  const wrong = cuts.faults(found, wholeWireCuts);
  const twice = found.twice.toFixed(1);
  say(
    `copies: ${found.runs} runs, ${found.cuts} cuts, ${found.deaths} deaths, at most ${twice} parts sent twice for each`,
  );
  say(`  ended ${JSON.stringify(found.ends)}`);
  for (const fault of wrong) say(`  ${fault}`);
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length };
};

/** As many of each as there are to be; the tests tell what each came to. */
const inFull = (): Record<string, string> => {
  say(`${wholeSwaps} swaps in a row, ${wholeRotations} rotations of both secrets, ${wholeLossy} targets of lost hooks`);
  return {
    SWAP_RUNS: String(wholeSwaps),
    ROTATION_RUNS: String(wholeRotations),
    LOSSY_TARGETS: String(wholeLossy),
  };
};

const share = askedShare();
await ensureVenv();
const seed = Number(process.env['DRAWBRIDGE_SEED'] ?? randomInt(2 ** 31 - 1));
say(`share ${share}, seed ${seed}`);
type Part = [name: string, act: () => Promise<Counts>];
const parts: Part[] = [
  ['properties', () => fuzz(share)],
  ['copies cut in memory', () => memoryCuts(share)],
  ['wrong tokens', () => flood(share)],
  ['hooks as fast as they are answered', () => hookLoad(share, seed)],
];
// `npm test` plays about a tenth of these by itself, and the level in one setting: a share would be the same again.
const onlyWhole: Part[] = [
  ['rotations at workers', rotationsAtWorkers],
  ['copies cut over the wire', () => wireCuts(seed)],
  ['deaths', deaths],
  ['end to end', () => runDeployed({ seed, env: inFull() })],
  ['end to end, each scene in its other setting', () => runDeployed({ seed: seed + 1 })],
];
const counted: Counts[] = [];
for (const [name, act] of [...parts, ...(share === 1 ? onlyWhole : [])]) {
  const started = Date.now();
  const counts = await act().catch((error: unknown) => {
    process.stderr.write(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { passed: 0, failed: 1 };
  });
  counted.push(counts);
  say(`${name}: ${counts.passed} passed, ${counts.failed} failed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
const { passed, failed } = sum(counted);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
