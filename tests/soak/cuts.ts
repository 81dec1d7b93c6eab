import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { playCuts, type Played } from '../support/wire-cuts/play-cuts.ts';

/** What many runs have come to. */
export interface Cuts {
  runs: number;
  /** how often copies ended so: `done`, or a failure's name */
  ends: Record<string, number>;
  invocations: number;
  deaths: number;
  cuts: number;
  /** the most of a blob that was sent twice in any run, in parts for each cut */
  twice: number;
  /** runs that did not go as they must, in words, with the seed that plays them again */
  wrong: string[];
}

const played = async (seed: number): Promise<Played> =>
  playCuts(seed).catch((error: unknown) => {
    const wrong = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { seed, end: 'broken', invocations: 0, deaths: 0, cuts: 0, twice: 0, wrong };
  });

const again = (seed: number): string => `DRAWBRIDGE_SEED=${seed} node tests/soak/cuts.ts --runs 1`;

/**
 * So many copies by the real adapters, from GitLab's registry to ECR as their doubles play them, each cut and killed by its own
 * seed: the first one's, and those that follow it.
 */
export const run = async (runs: number, firstSeed: number): Promise<Cuts> => {
  const cuts: Cuts = { runs: 0, ends: {}, invocations: 0, deaths: 0, cuts: 0, twice: 0, wrong: [] };
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const one = await played(seed);
    cuts.runs += 1;
    cuts.ends[one.end] = (cuts.ends[one.end] ?? 0) + 1;
    cuts.invocations += one.invocations;
    cuts.deaths += one.deaths;
    cuts.cuts += one.cuts;
    cuts.twice = Math.max(cuts.twice, one.twice);
    cuts.wrong.push(...one.wrong.map((what) => `${what} (${again(seed)})`));
  }
  return cuts;
};

/** What is not as it must be after `run(runs)`, in words. Runs in which little goes wrong would prove little. */
export const faults = ({ wrong, cuts, deaths, ends, ...found }: Cuts, runs: number): string[] => [
  ...wrong,
  ...(found.runs >= runs ? [] : [`only ${found.runs} runs of ${runs}`]),
  ...(deaths >= runs / 4 ? [] : [`only ${deaths} deaths`]),
  ...(cuts >= runs ? [] : [`only ${cuts} cuts`]),
  ...((ends['done'] ?? 0) >= runs / 2 ? [] : ['less than half of the runs came through']),
];

if (import.meta.main) {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' } } });
  const runs = Number(values.runs);
  const seed = Number(process.env['DRAWBRIDGE_SEED'] ?? randomInt(2 ** 31 - 1));
  const found = await run(runs, seed);
  console.log(JSON.stringify({ seed, ...found }, null, 2));
  process.exitCode = found.wrong.length === 0 ? 0 : 1;
}
