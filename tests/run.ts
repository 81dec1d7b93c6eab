import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRehearsal } from '../local/rehearsal.ts';
import { ensureVenv } from '../local/venv.ts';
import { clientOptionsOf } from '../local/aws.ts';
import { describeForTests } from './support/deployed-description.ts';
import { openEventTap } from './support/event-tap.ts';

/**
 * `npm test`: the levels in order, each a jest run of its own, then the plain line `N passed, N failed`. Words after
 * `--` go to jest, a level's name before it runs that level only: `npm test -- workflow -- -t NoWayBack`.
 */
const levels = ['unit', 'contract', 'workflow', 'end-to-end'] as const;
type Level = (typeof levels)[number];

// The verbs' log lines are checked at the unit level; where whole workflows run they would bury the tests' own.
const quiet: Partial<Record<Level, Record<string, string>>> = { workflow: { POWERTOOLS_LOG_LEVEL: 'SILENT' } };

interface Counts {
  passed: number;
  failed: number;
}

const project = join(import.meta.dirname, '..');
const jest = join(project, 'node_modules', 'jest', 'bin', 'jest.js');
const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

const runJest = async (
  level: Level | 'record',
  args: readonly string[],
  env: Record<string, string>,
): Promise<Counts> => {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-tests-'));
  const report = join(folder, 'report.json');
  // jest runs what fits any of the paths it is given: a file's beside the whole level's would be the whole level.
  const folderOrFiles = args.some((arg) => arg.startsWith(`tests/${level}/`)) ? [] : [join('tests', level)];
  const own = ['--json', `--outputFile=${report}`, '--passWithNoTests=false', ...args, ...folderOrFiles];
  try {
    const child = spawn(process.execPath, [jest, ...own], {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: nodeOptions, ...env },
      // the report on standard output is the file's twin
      stdio: ['inherit', 'ignore', 'inherit'],
    });
    await new Promise((resolve) => child.once('close', resolve));
    const result = JSON.parse(await readFile(report, 'utf8')) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0, numPendingTests = 0 } = result;
    // A suite that could not be loaded, or a test that was skipped, proves nothing: both count as failed.
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + numPendingTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** One deployed stack for the whole level, in this process; the tests reach it over HTTP. */
const runDeployed = async (args: readonly string[]): Promise<Counts> => {
  const rehearsal = await startRehearsal({ step: (what) => process.stderr.write(`${what}\n`) });
  process.stderr.write(`seed ${rehearsal.seed}\n`);
  try {
    await openEventTap(clientOptionsOf(rehearsal.aws));
    const complete = args.length === 0;
    const env = { DRAWBRIDGE_REHEARSAL: JSON.stringify(describeForTests(rehearsal, complete)) };
    // One file after the other: some take a right or the secret away from the door that they all share.
    const tests = await runJest('end-to-end', ['--runInBand', ...args], env);
    if (!complete) process.stdout.write('not judged, for only some tests ran: whether each allowance is used\n');
    const record = await runJest('record', ['--runInBand'], env);
    return { passed: tests.passed + record.passed, failed: tests.failed + record.failed };
  } finally {
    await rehearsal.close();
  }
};

const words = process.argv.slice(2);
const isLevel = (word: string): word is Level => (levels as readonly string[]).includes(word);
const chosen = words.filter(isLevel);
const jestArgs = words.filter((word) => !isLevel(word) && word !== '--');

const total: Counts = { passed: 0, failed: 0 };
await ensureVenv();
for (const level of chosen.length === 0 ? levels : chosen) {
  const started = Date.now();
  const run = level === 'end-to-end' ? runDeployed(jestArgs) : runJest(level, jestArgs, quiet[level] ?? {});
  const { passed, failed } = await run.catch((error: unknown) => {
    process.stderr.write(`${level}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { passed: 0, failed: 1 };
  });
  total.passed += passed;
  total.failed += failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${level}: ${passed} passed, ${failed} failed in ${seconds} s\n`);
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
