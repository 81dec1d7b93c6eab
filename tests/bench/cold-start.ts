import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsStub } from './aws-stub.ts';
import { hookEnvironment, hooks, hookSecret, storeWith } from './hook-scene.ts';
import { startHostedLambda } from './hosted-lambda.ts';
import type { Host } from './hosted-lambda.ts';
import { ensureRuntimeClient } from './runtime-client.ts';
import { median, rounded } from './statistics.ts';

const rounds = 15;

/** From the start of a worker's process to its first 202: the hook's, and an empty handler's started alike. */
export interface ColdStarts {
  medianMs: Record<Scene, number>;
  minMs: Record<Scene, number>;
  maxMs: Record<Scene, number>;
  /** the hook's median to the empty handler's */
  ratio: number;
  /** starts behind each median */
  samples: number;
}

type Scene = 'hook' | 'empty';

const emptyHandler = 'export const handler = async () => ({ statusCode: 202 });\n';

/** `taskRoot` holds the hook's bundle; `home` and `empty` are empty folders. Rejects when a start is not answered 202. */
export const measureColdStarts = async (folders: {
  taskRoot: string;
  home: string;
  empty: string;
}): Promise<ColdStarts> => {
  const client = await ensureRuntimeClient();
  await mkdir(folders.empty, { recursive: true });
  await writeFile(join(folders.empty, 'index.mjs'), emptyHandler);
  const hook = await hooks();
  const stub = await startAwsStub(hookSecret, storeWith(hook.project, 1));
  try {
    const env = await hookEnvironment(stub.url, folders.home);
    const hosts = {
      hook: { client, env, taskRoot: folders.taskRoot },
      empty: { client, env, taskRoot: folders.empty },
    };
    return summary(await measure(hosts, () => hook.next()));
  } finally {
    await stub.close();
  }
};

/** Taken in turns, each as often first as second. The first round finds files that were never read, and does not count. */
const measure = async (hosts: Record<Scene, Host>, event: () => object): Promise<Record<Scene, number[]>> => {
  const taken: Record<Scene, number[]> = { hook: [], empty: [] };
  for (let round = -1; round < rounds; round += 1) {
    const order: Scene[] = round % 2 === 0 ? ['hook', 'empty'] : ['empty', 'hook'];
    for (const scene of order) {
      const ms = await coldStart(hosts[scene], event());
      if (round >= 0) taken[scene].push(ms);
    }
  }
  return taken;
};

const coldStart = async (host: Host, event: object): Promise<number> => {
  const lambda = await startHostedLambda(host);
  try {
    const answer = await lambda.invoke(event);
    const ms = performance.now() - lambda.startedAt;
    if (answer.statusCode !== 202) throw new Error(`${host.taskRoot}: answered ${JSON.stringify(answer)}`);
    return ms;
  } finally {
    await lambda.end();
  }
};

const summary = ({ hook, empty }: Record<Scene, number[]>): ColdStarts => {
  const both = (of: (ms: number[]) => number) => ({ hook: rounded(of(hook)), empty: rounded(of(empty)) });
  return {
    medianMs: both(median),
    minMs: both((ms) => Math.min(...ms)),
    maxMs: both((ms) => Math.max(...ms)),
    ratio: rounded(median(hook) / median(empty)),
    samples: hook.length,
  };
};
