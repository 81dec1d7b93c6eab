import { ensureVenv } from '../local/venv.ts';
import { levels, runDeployed, runDocumented, runJest, sum, type Counts, type Level } from './levels.ts';

/**
 * `npm test`: the levels in order, each a jest run of its own, then the plain line `N passed, N failed`. Words after
 * `--` go to jest, a level's name before it runs that level only: `npm test -- workflow -- -t NoWayBack`. The end-to-end
 * level prints its seed; `DRAWBRIDGE_SEED=<seed>` plays it again.
 */
const words = process.argv.slice(2);
const isLevel = (word: string): word is Level => (levels as readonly string[]).includes(word);
const chosen = words.filter(isLevel);
const args = words.filter((word) => !isLevel(word) && word !== '--');

const again = process.env['DRAWBRIDGE_SEED'];
const seed = again === undefined ? {} : { seed: Number(again) };

const runLevel = (level: Level): Promise<Counts> => {
  if (level === 'end-to-end') return runDeployed({ args, ...seed });
  return level === 'documented' ? runDocumented(args) : runJest(level, args);
};

const runAndTell = async (level: Level): Promise<Counts> => {
  const started = Date.now();
  const counts = await runLevel(level).catch((error: unknown) => {
    process.stderr.write(`${level}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${level}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s\n`);
  return counts;
};

const counted: Counts[] = [];
await ensureVenv();
for (const level of chosen.length === 0 ? levels : chosen) counted.push(await runAndTell(level));
const { passed, failed } = sum(counted);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
