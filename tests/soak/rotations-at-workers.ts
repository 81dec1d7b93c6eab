import { setTimeout as passes } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { doorsLag } from '../../local/demo/rotation/hook-counts.ts';
import { hooks } from '../bench/hook-scene.ts';
import { startHookWorker, withBuiltFunction, type HookWorker } from './hook-worker.ts';
import { knock, preparer, wrongSenders, type Knock, type Prepared, type Sender } from './knocks.ts';
import { faults, summary, tooFew, type Found } from './rotations-judged.ts';
import { rotatingHook, type RotatingHook } from './rotating-hook.ts';

const wrongPerSecond = 100;
const authenticPerSecond = 10; // at each warm worker
const warmWorkers = 2;
const cacheSeconds = 3; // as in the local stage
/** ms that GitLab may take for a hook, of the drain's 1.5 s: in production ten seconds of fifteen. */
const onItsWay = 1_000;
const coldEvery = 3_000; // ms
const atColdOne: readonly Sender[] = ['authentic', 'wrong token', 'authentic', 'out of use', 'authentic'];

interface Scene {
  hook: RotatingHook;
  prepare: (from: Sender) => Prepared;
  worker: () => Promise<HookWorker>;
  knocks: Knock[];
  calls: Found['calls'][number][];
  ended: boolean;
}

/**
 * So many rotations of the hook secret, one after the other, at the built function: warm workers all the while and a cold one
 * every few seconds, hooks with the tokens that GitLab has at that moment, and wrong ones, a hundred a second, beside them.
 * A real clock, and the waits of the local stage: some eight seconds a rotation.
 */
export const run = (rotations: number): Promise<Found> =>
  withBuiltFunction('pipeline-webhook', async (folder) => {
    const stream = await hooks();
    const { project } = stream;
    const hook = rotatingHook(project);
    const worker = async () => {
      const started = await startHookWorker({ folder, project, cacheSeconds });
      started.stub.show(hook.versions);
      return started;
    };
    const scene: Scene = { hook, worker, prepare: preparer(hook, stream), knocks: [], calls: [], ended: false };
    const seconds = await atWorkers(scene, { door: 'warm', count: warmWorkers }, (workers) =>
      whileHooksArrive(scene, workers, () => rotateAll(scene, rotations)),
    );
    return {
      ...{ rotations, seconds },
      wrongPerSecond,
      knocks: scene.knocks,
      calls: scene.calls,
      history: hook.history,
    };
  });

/** The first fifth with a GitLab that is older than signing tokens. */
const rotateAll = async (scene: Scene, rotations: number): Promise<void> => {
  for (let n = 0; n < rotations && !scene.ended; n += 1) await scene.hook.rotate(n >= Math.floor(rotations / 5));
  // Until the last one's predecessor has been out of use for a while.
  await passes(doorsLag + 1_000);
};

/** Answers for how many seconds hooks arrived. */
const whileHooksArrive = async (
  scene: Scene,
  workers: readonly HookWorker[],
  act: () => Promise<void>,
): Promise<number> => {
  // Each has read the secret just before the first rotation begins, and so goes on with it for as long as it may.
  const first = workers.map((worker) => knock(worker, 'warm', scene.prepare('authentic')));
  scene.knocks.push(...(await Promise.all(first)));
  const start = performance.now();
  const arriving = [...workers.map((worker) => atWarmOne(scene, worker)), atColdOnes(scene)];
  try {
    await Promise.race([act(), ...arriving]);
    return (performance.now() - start) / 1_000;
  } finally {
    scene.ended = true;
    await Promise.all(arriving);
  }
};

/** Acts with workers, and counts what each asked of Secrets Manager meanwhile. */
const atWorkers = async <T>(
  scene: Scene,
  { door, count }: { door: Knock['door']; count: number },
  act: (workers: readonly HookWorker[]) => Promise<T>,
): Promise<T> => {
  const start = performance.now();
  const workers = await Promise.all(Array.from({ length: count }, scene.worker));
  try {
    return await act(workers);
  } finally {
    await Promise.all(workers.map(({ end }) => end()));
    const seconds = (performance.now() - start) / 1_000;
    scene.calls.push(...workers.map(({ secretCalls }) => ({ door, seconds, calls: secretCalls() })));
  }
};

/**
 * Sends at its pace, or as fast as it is answered when that is slower: a slow machine gets fewer hooks, not more and more at
 * once, for as Lambda sees to it none waits long for a worker.
 */
const stream = async (
  scene: Scene,
  { perSecond, atOnce }: { perSecond: number; atOnce: number },
  send: (turn: number) => Promise<void>,
): Promise<void> => {
  const start = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let turn = 0; !scene.ended; turn += 1) {
    await passes(Math.max(0, (turn * 1_000) / perSecond - (performance.now() - start)));
    const one: Promise<void> = send(turn).finally(() => underWay.delete(one));
    underWay.add(one);
    if (underWay.size >= atOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
};

const atWarmOne = async (scene: Scene, worker: HookWorker): Promise<void> => {
  const send = async (from: Sender, delay = 0): Promise<void> => {
    const prepared = scene.prepare(from);
    await passes(delay);
    scene.knocks.push(await knock(worker, 'warm', prepared));
  };
  const wrong = (turn: number) => send(wrongSenders[turn % wrongSenders.length] ?? 'wrong token');
  await Promise.all([
    stream(scene, { perSecond: wrongPerSecond / warmWorkers, atOnce: 4 }, wrong),
    stream(scene, { perSecond: authenticPerSecond / 2, atOnce: 4 }, () => send('authentic')),
    stream(scene, { perSecond: authenticPerSecond / 2, atOnce: 10 }, () => send('under way', onItsWay)),
  ]);
};

/** None has read the secret when its hooks arrive; they get their tokens once it has begun, for GitLab would not wait longer. */
const atColdOnes = async (scene: Scene): Promise<void> => {
  while (!scene.ended) {
    const pause = passes(coldEvery);
    await atWorkers(scene, { door: 'cold', count: 1 }, async (workers) => {
      await Promise.all(workers.map(({ lambda }) => lambda.ready));
      const sent = workers.flatMap((worker) => atColdOne.map((from) => knock(worker, 'cold', scene.prepare(from))));
      scene.knocks.push(...(await Promise.all(sent)));
    });
    await pause;
  }
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { rotations: { type: 'string', default: '5' } } });
  const found = await run(Number(values.rotations));
  const wrong = [...faults(found), ...tooFew(found)];
  console.log(JSON.stringify({ ...summary(found), faults: wrong }, null, 2));
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
