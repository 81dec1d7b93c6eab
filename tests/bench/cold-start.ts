import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsStub } from './aws-stub.ts';
import { hookEnvironment, hooks, hookSecret, registryHooks, storeWith } from './hook-scene.ts';
import { startHostedLambda } from './hosted-lambda.ts';
import type { Host } from './hosted-lambda.ts';
import { ensureRuntimeClient } from './runtime-client.ts';
import { median, rounded } from './statistics.ts';

const rounds = 15;

/** From the start of a worker's process to its first 202: of both doors, and of an empty handler started alike. */
export interface ColdStarts {
  medianMs: Record<Scene, number>;
  minMs: Record<Scene, number>;
  maxMs: Record<Scene, number>;
  /** each door's median to the empty handler's */
  ratios: Record<Door, number>;
  /** starts behind each median */
  samples: number;
}

export type Door = 'hook' | 'registry';
type Scene = Door | 'empty';

const emptyHandler = 'export const handler = async () => ({ statusCode: 202 });\n';

/** `taskRoots` hold the doors' bundles; `home` and `empty` are empty folders. Rejects when a start is not answered 202. */
export const measureColdStarts = async (folders: {
  taskRoots: Record<Door, string>;
  home: string;
  empty: string;
}): Promise<ColdStarts> => {
  const client = await ensureRuntimeClient();
  await mkdir(folders.empty, { recursive: true });
  await writeFile(join(folders.empty, 'index.mjs'), emptyHandler);
  const [hook, registry] = [await hooks(), await registryHooks()];
  const stub = await startAwsStub(hookSecret, storeWith(hook.project, 1));
  try {
    const env = await hookEnvironment(stub.url, folders.home);
    const hosts = {
      hook: { client, env, taskRoot: folders.taskRoots.hook },
      registry: { client, env, taskRoot: folders.taskRoots.registry },
      empty: { client, env, taskRoot: folders.empty },
    };
    const events = { hook: () => hook.next(), registry: () => registry.next(), empty: () => hook.next() };
    return summary(await measure(hosts, events));
  } finally {
    await stub.close();
  }
};

/** Taken in turns, each as often first as last. The first round finds files that were never read, and does not count. */
const measure = async (
  hosts: Record<Scene, Host>,
  events: Record<Scene, () => object>,
): Promise<Record<Scene, number[]>> => {
  const taken: Record<Scene, number[]> = { hook: [], registry: [], empty: [] };
  const scenes = Object.keys(taken) as Scene[];
  for (let round = -1; round < rounds; round += 1) {
    const turn = (round + scenes.length) % scenes.length;
    for (const scene of [...scenes.slice(turn), ...scenes.slice(0, turn)]) {
      const ms = await coldStart(hosts[scene], events[scene]());
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

const summary = ({ hook, registry, empty }: Record<Scene, number[]>): ColdStarts => {
  const each = (of: (ms: number[]) => number) => ({
    hook: rounded(of(hook)),
    registry: rounded(of(registry)),
    empty: rounded(of(empty)),
  });
  const toEmpty = (door: number[]) => rounded(median(door) / median(empty));
  return {
    medianMs: each(median),
    minMs: each((ms) => Math.min(...ms)),
    maxMs: each((ms) => Math.max(...ms)),
    ratios: { hook: toEmpty(hook), registry: toEmpty(registry) },
    samples: hook.length,
  };
};
