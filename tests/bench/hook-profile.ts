import { build as bundle } from 'esbuild';
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { SourceMap, type SourceMapPayload, type SourceMapping } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { esbuildOptions, project as home } from '../../local/build/build.ts';
import { until } from '../support/until.ts';
import { startAwsStub } from './aws-stub.ts';
import { hookEnvironment, hooks, hookSecret, storeWith } from './hook-scene.ts';
import { startHostedLambda } from './hosted-lambda.ts';

/** Where the door's processor time goes, by what its code came from: `npx node tests/bench/hook-profile.ts`. */

const seconds = 20;
/** Before the profile begins: by then its code has been compiled. */
const warmUps = 500;
const least = 0.5; // percent; what has less is not shown

const client = join(home, 'local', 'build', 'bootstrap.ts');

/** Of a source's path: we, or whose package it is of. */
const originOf = (path: string): string => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (name === undefined) return 'our own code';
  if (name.startsWith('@aws-lambda-powertools/')) return 'Powertools: log lines and metrics';
  return /^@(aws-sdk|smithy|aws|aws-crypto)\//.test(name) ? "AWS's SDK" : name.replace(/^@middy\/.*/, 'middy');
};

/** Percent of the time that the processor worked, by origin, greatest first. What Node does is its caller's where there is one. */
const shares = (profile: Profiler.Profile, map: SourceMap): [origin: string, percent: number][] => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const ownerOf = (id: number): string => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { url = '', lineNumber = 0, columnNumber = 0 } = byId.get(at)?.callFrame ?? {};
      const entry: Partial<SourceMapping> = url.endsWith('/index.mjs') ? map.findEntry(lineNumber, columnNumber) : {};
      if (entry.originalSource !== undefined) return originOf(entry.originalSource);
      if (url.endsWith('/bootstrap.ts')) return "the runtime's client";
    }
    const name = byId.get(id)?.callFrame.functionName ?? '';
    return /^\((idle|garbage collector|program)\)$/.test(name) ? name : 'Node alone: its streams, sockets and timers';
  };
  const spent = new Map<string, number>();
  const { samples = [], timeDeltas = [] } = profile;
  for (const [index, id] of samples.entries()) {
    const owner = ownerOf(id);
    spent.set(owner, (spent.get(owner) ?? 0) + (timeDeltas[index] ?? 0));
  }
  spent.delete('(idle)');
  const all = [...spent.values()].reduce((sum, one) => sum + one, 0);
  return [...spent]
    .map(([origin, time]): [string, number] => [origin, (100 * time) / all])
    .sort(([, one], [, other]) => other - one);
};

const bundled = async (taskRoot: string): Promise<SourceMap> => {
  const outfile = join(taskRoot, 'index.mjs');
  const entryPoints = [join(home, 'functions', 'pipeline-webhook.ts')];
  await bundle({ ...esbuildOptions, entryPoints, outfile, sourcemap: 'external' });
  return new SourceMap(JSON.parse(await readFile(`${outfile}.map`, 'utf8')) as SourceMapPayload);
};

const written = async (file: string): Promise<Profiler.Profile> => {
  const text = await until('the profile to be written', () => readFile(file, 'utf8').catch(() => undefined));
  return JSON.parse(text) as Profiler.Profile;
};

const folder = await mkdtemp(join(tmpdir(), 'drawbridge-profile-'));
const { project, next } = await hooks();
const stub = await startAwsStub(hookSecret, storeWith(project, 1));
try {
  await mkdir(join(folder, 'home'));
  const map = await bundled(folder);
  const file = join(folder, 'profile.json');
  const env = {
    ...(await hookEnvironment(stub.url, join(folder, 'home'))),
    PROFILE_FILE: file,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'profiled-worker.ts')}`,
  };
  const lambda = await startHostedLambda({ client, taskRoot: folder, env });
  try {
    for (let event = 0; event < warmUps; event += 1) await lambda.invoke(next());
    process.kill(lambda.pid, 'SIGUSR2');
    const end = performance.now() + seconds * 1_000;
    let events = 0;
    for (; performance.now() < end; events += 1) await lambda.invoke(next());
    process.kill(lambda.pid, 'SIGUSR2');
    console.log(`${events} hooks in ${seconds} s at one worker; percent of its processor time:`);
    for (const [origin, percent] of shares(await written(file), map))
      if (percent >= least) console.log(`${percent.toFixed(1).padStart(5)}  ${origin}`);
  } finally {
    await lambda.end();
  }
} finally {
  await stub.close();
  await rm(folder, { recursive: true });
}
