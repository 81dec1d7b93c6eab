import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOptionsOf } from '../local/aws.ts';
import { startRehearsal } from '../local/rehearsal.ts';
import { missingPrograms, missingReaders } from '../local/third-party.ts';
import { describeForTests } from './support/deployed-description.ts';
import { openEventTap } from './support/event-tap.ts';
import { documented, leftOut, realParts } from './support/left-out.ts';

/** The levels of test in order, each a folder below tests/ and a jest run of its own. */
export const levels = ['unit', 'contract', 'workflow', 'end-to-end', 'documented'] as const;
export type Level = (typeof levels)[number];

export interface Counts {
  passed: number;
  failed: number;
}

/** A test as jest's report has it. */
export interface ToldTest {
  title: string;
  status: string;
}

export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((passed, one) => passed + one.passed, 0),
  failed: all.reduce((failed, one) => failed + one.failed, 0),
});

const project = join(import.meta.dirname, '..');
const jest = join(project, 'node_modules', 'jest', 'bin', 'jest.js');
const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

// The verbs' log lines are checked at the unit level; where whole workflows run they would bury the tests' own.
const silent = { POWERTOOLS_LOG_LEVEL: 'SILENT' };
const settings: Partial<Record<string, Record<string, string>>> = {
  // Of the death matrix, which has more than two thousand cases, a part: `npm run soak` plays all.
  workflow: { ...silent, MATRIX_SHARE: '0.1' },
  'end-to-end': silent,
  documented: silent,
};

const without = leftOut(realParts, missingPrograms(), process.env['CI']);
const withoutReaders = leftOut(documented, missingReaders(), process.env['CI']);

// Jest leaves one processor to others; of two, that is half of what there is.
const everyProcessor = ['--maxWorkers=100%'];

const ownArgs: Partial<Record<string, readonly string[]>> = {
  unit: everyProcessor,
  contract: everyProcessor,
  workflow: everyProcessor,
  // What runs beside each other there mostly waits.
  'end-to-end': ['--maxConcurrency=10', ...without.args],
};

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
}

/** Runs jest over a folder of tests; `args` are jest's. Rejects when it leaves no report. */
const report = async (folder: string, args: readonly string[], env: Record<string, string>): Promise<Report> => {
  const kept = await mkdtemp(join(tmpdir(), 'drawbridge-tests-'));
  const file = join(kept, 'report.json');
  const own = [`--roots=${join('tests', folder)}`, '--json', `--outputFile=${file}`, '--passWithNoTests=false'];
  try {
    const child = spawn(process.execPath, [jest, ...own, ...(ownArgs[folder] ?? []), ...args], {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: nodeOptions, ...settings[folder], ...env },
      // the report on standard output is the file's twin
      stdio: ['inherit', 'ignore', 'inherit'],
    });
    await new Promise((resolve) => child.once('close', resolve));
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } finally {
    await rm(kept, { recursive: true, force: true });
  }
};

const choosesByTitle = (args: readonly string[]): boolean =>
  args.some((arg) => /^(-t|--testNamePattern)(=|$)/.test(arg));

/** Runs the tests of a folder below tests/; `args` are jest's. */
export const runJest = async (
  folder: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Counts> => {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = await report(
    folder,
    args,
    env,
  );
  // A suite that could not be loaded, or a test that was skipped, proves nothing: both count as failed.
  const skipped = choosesByTitle(args) ? 0 : numPendingTests;
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + skipped };
};

export interface Deployed {
  /** of the world; a random one when absent */
  seed?: number;
  /** jest's arguments: which tests */
  args?: readonly string[];
  /** what tests read beyond the deployed stack */
  env?: Record<string, string>;
}

/** One deployed stack for the whole level, in this process, which the tests reach over HTTP; then the checks of its record. */
export const runDeployed = async ({ seed, args = [], env: more = {} }: Deployed): Promise<Counts> => {
  const step = (what: string) => process.stderr.write(`${what}\n`);
  const rehearsal = await startRehearsal({ step, ...(seed === undefined ? {} : { seed }) });
  step(`seed ${rehearsal.seed}`);
  try {
    await openEventTap(clientOptionsOf(rehearsal.aws));
    const description = describeForTests(rehearsal, args.length === 0);
    const env = { ...more, DRAWBRIDGE_REHEARSAL: JSON.stringify(description) };
    // One file after the other: some take a right or the secret away from the door that they all share.
    const tests = await runJest('end-to-end', ['--runInBand', ...args], env);
    if (args.length > 0) step('only some tests ran: whether each allowance is used was not judged');
    return sum([tests, await runJest('record', ['--runInBand'], env)]);
  } finally {
    // last, where it is seen
    without.told.forEach(step);
    await rehearsal.close();
  }
};

/** The documents' commands, in a world of their own in jest's process, where nothing is deployed before. */
export const runDocumented = async (args: readonly string[]): Promise<Counts> => {
  withoutReaders.told.forEach((line) => process.stderr.write(`${line}\n`));
  return withoutReaders.args.length > 0 ? { passed: 0, failed: 0 } : runJest('documented', args);
};
