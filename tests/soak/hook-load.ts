import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { project as home } from '../../local/build/build.ts';
import { startAwsStub, type AwsStub } from '../bench/aws-stub.ts';
import { hookEnvironment, hooks, hookSecret, storeWith } from '../bench/hook-scene.ts';
import { startHostedLambda, type HostedLambda } from '../bench/hosted-lambda.ts';
import type { Answer } from '../bench/runtime-api.ts';
import { rounded } from '../bench/statistics.ts';
import { faults, fates, lines, sendings, type HookLoad, type Stream, type Told } from './hook-load-judged.ts';
import { withBuiltFunction } from './hook-worker.ts';

/** Lambda gives each worker one event at a time: only more workers fill the waits for AWS. */
const workersPerProcessor = 4;
/** Of the calls to AWS: half of them fail, of the other half the work is done and the answer lost. */
const disturbed = 0.05;
/** To each worker before it is measured: by then its code has been compiled. */
const warmUps = 50;

/** Numbers from 0 to 1 that the seed determines (a linear congruence; its high bits are good enough to choose by). */
const chances = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Has a share of the calls disturbed; answers how many came and how many were. */
const disturb = (stub: AwsStub, seed: number): { calls: number; disturbedCalls: number } => {
  const chance = chances(seed);
  const counted = { calls: 0, disturbedCalls: 0 };
  stub.disturb(() => {
    counted.calls += 1;
    const drawn = chance();
    if (drawn >= disturbed) return undefined;
    counted.disturbedCalls += 1;
    return drawn < disturbed / 2 ? 'failing' : 'lost';
  });
  return counted;
};

const clockTick = 10; // ms; Linux counts a process's time in hundredths of a second

/** ms that a process has had of the processors. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const processorTime = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [utime = 0, stime = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (utime + stime) * clockTick;
};

const processorTimes = async (lambdas: readonly HostedLambda[]): Promise<Stream['processorMs']> => {
  const workers = await Promise.all(lambdas.map(({ pid }) => processorTime(pid)));
  return { workers: workers.reduce((all, one) => all + one, 0), around: await processorTime(process.pid) };
};

/** The value below which so much of the sorted ones is. */
const quantile = (sorted: readonly number[], share: number): number =>
  rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** Keeps each worker busy for so many seconds, once all of them are warm. `act` sends one event, and again if it must. */
const stream = async (
  lambdas: readonly HostedLambda[],
  seconds: number,
  act: (send: (event: object) => Promise<Answer>) => Promise<void>,
): Promise<Stream> => {
  const took: number[] = [];
  const warmUp = async (lambda: HostedLambda): Promise<void> => {
    for (let event = 0; event < warmUps; event += 1) await act((sent) => lambda.invoke(sent));
  };
  await Promise.all(lambdas.map(warmUp));
  const before = await processorTimes(lambdas);
  const start = performance.now();
  const end = start + seconds * 1_000;
  const lane = async (lambda: HostedLambda): Promise<void> => {
    const send = async (event: object): Promise<Answer> => {
      const sentAt = performance.now();
      const answer = await lambda.invoke(event);
      took.push(performance.now() - sentAt);
      return answer;
    };
    while (performance.now() < end) await act(send);
  };
  await Promise.all(lambdas.map(lane));
  const elapsed = (performance.now() - start) / 1_000;
  const after = await processorTimes(lambdas);
  const each = (of: keyof Stream['processorMs']) => rounded((after[of] - before[of]) / took.length);
  const sorted = took.sort((a, b) => a - b);
  return {
    perSecond: Math.round(took.length / elapsed),
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    processorMs: { workers: each('workers'), around: each('around') },
  };
};

const withWorkers = async <T>(
  { count, taskRoot, env }: { count: number; taskRoot: string; env: Record<string, string> },
  act: (lambdas: readonly HostedLambda[]) => Promise<T>,
): Promise<T> => {
  const client = join(home, 'local', 'build', 'bootstrap.ts');
  const lambdas = await Promise.all(Array.from({ length: count }, () => startHostedLambda({ client, taskRoot, env })));
  try {
    return await act(lambdas);
  } finally {
    await Promise.all(lambdas.map((lambda) => lambda.end()));
  }
};

/** Sends one hook until it is answered 202, as its sender would. */
const tellHook = async (
  told: Told,
  event: APIGatewayProxyEventV2,
  send: (event: object) => Promise<Answer>,
): Promise<void> => {
  told.hooks += 1;
  for (let sending = 0; sending < sendings; sending += 1) {
    const { statusCode = 0, body = '{}' } = await send(event);
    told.answers[statusCode] = (told.answers[statusCode] ?? 0) + 1;
    if (statusCode !== 202) continue;
    const { started = [] } = JSON.parse(body) as { started?: { execution: string }[] };
    told.executions.push(...started.map(({ execution }) => execution));
    return;
  }
  told.unanswered += 1;
};

const atHook = async (
  folder: string,
  { seconds, seed, workers }: Required<LoadOptions>,
): Promise<Omit<HookLoad, 'empty' | 'workers' | 'seconds'>> => {
  const { project, next } = await hooks();
  const stub = await startAwsStub(hookSecret, storeWith(project, 1));
  const told: Told = { hooks: 0, answers: {}, executions: [], unanswered: 0 };
  try {
    const counted = disturb(stub, seed);
    const env = await hookEnvironment(stub.url, join(folder, 'home'));
    const host = { count: workers, taskRoot: join(folder, 'pipeline-webhook'), env };
    const hook = await withWorkers(host, (lambdas) => stream(lambdas, seconds, (send) => tellHook(told, next(), send)));
    return { hook, hooks: told.hooks, answers: told.answers, ...counted, ...fates(told, stub.executions()) };
  } finally {
    await stub.close();
  }
};

const emptyHandler = 'export const handler = async () => ({ statusCode: 202 });\n';

const atEmpty = async (folder: string, { seconds, workers }: Required<LoadOptions>): Promise<Stream> => {
  const taskRoot = join(folder, 'empty');
  await mkdir(taskRoot);
  await writeFile(join(taskRoot, 'index.mjs'), emptyHandler);
  const { next } = await hooks();
  const env = await hookEnvironment('http://127.0.0.1:9', join(folder, 'home'));
  return withWorkers({ count: workers, taskRoot, env }, (lambdas) =>
    stream(lambdas, Math.min(seconds, 10), async (send) => {
      await send(next());
    }),
  );
};

export interface LoadOptions {
  seconds: number;
  seed: number;
  workers?: number;
}

/**
 * The built door alone, through Lambda's Runtime API, as fast as this machine's processors carry it, while a twentieth of its calls to
 * AWS fails or loses its answer; then an empty handler in its place.
 */
export const run = (asked: LoadOptions): Promise<HookLoad> =>
  withBuiltFunction('pipeline-webhook', async (folder) => {
    const options = { workers: workersPerProcessor * availableParallelism(), ...asked };
    const { seconds, workers } = options;
    return { workers, seconds, ...(await atHook(folder, options)), empty: await atEmpty(folder, options) };
  });

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string' },
    },
  });
  const { seconds, seed, workers } = values;
  const found = await run({
    ...{ seconds: Number(seconds), seed: Number(seed) },
    ...(workers !== undefined && { workers: Number(workers) }),
  });
  const wrong = faults(found);
  console.log([...lines(found), ...wrong].join('\n'));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
