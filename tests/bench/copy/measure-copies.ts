import type { BuiltImage } from '../../../local/oci/build-image.ts';
import { median, rounded } from '../statistics.ts';
import type { CopyDone, CopyJob } from './copy-job.ts';
import { openCopyScene, repository, type CopyScene } from './copy-scene.ts';

const mib = 1024 * 1024;
const rounds = 5;
const tag = 'v1';
const layers = ['a', 'b', 'c', 'd', 'e', 'f'];
const layerMib = 100;

/** All times are of whole processes, in ms, unless they say so; medians. */
export interface Copies {
  rounds: number;
  overV2: { engineMs: number; skopeoMs: number; craneMs: number; peakRssMb: number };
  toEcr: { engineMs: number; bareMs: number; peakRssMb: number };
  /** with one layer of six changed */
  changed: { movedToLayer: number; timeToCrane: number; timeToShare: number };
  /** when it is there already */
  present: { requests: number; uploads: number };
  /** ms inside of the process for each layer, by the number of layers of 1 MiB */
  perLayerMs: Record<string, number>;
  ratios: { toSkopeo: number; toCrane: number; toBare: number; growth: number };
}

type Run = { ms: number; done: CopyDone };

const ms = (runs: readonly { ms: number }[]): number => median(runs.map((run) => run.ms));
const peakMb = (runs: readonly Run[]): number => Math.max(...runs.map(({ done }) => done.peakRss)) / 1e6;
const total = (requests: Record<string, number>, methods: readonly string[]): number =>
  methods.reduce((sum, method) => sum + (requests[method] ?? 0), 0);

const toRegistry = ({ from, to }: CopyScene, { main }: BuiltImage): CopyJob => ({
  ...{ kind: 'to registry', from: from.host, to: to.host },
  ...{ repository, digest: main.digest, tag },
});

/** Whoever's turn it is begins with an empty destination; one round is thrown away. */
const inRounds = async <T>(acts: readonly (() => Promise<T>)[]): Promise<T[][]> => {
  const results: T[][] = acts.map(() => []);
  for (let round = -1; round < rounds; round += 1)
    for (const [index, act] of acts.entries()) {
      const result = await act();
      if (round >= 0) results[index]?.push(result);
    }
  return results;
};

const overV2 = async (scene: CopyScene, image: BuiltImage): Promise<Copies['overV2']> => {
  const [source, target] = [`${scene.from.host}/${repository}:${tag}`, `${scene.to.host}/${repository}:${tag}`];
  const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const engine: Run[] = [];
  const [ours = [], skopeo = [], crane = []] = await inRounds<{ ms: number }>([
    async () => {
      await scene.empty();
      const run = await scene.run(toRegistry(scene, image));
      engine.push(run);
      return run;
    },
    async () => {
      await scene.empty();
      return scene.peer('skopeo', ['copy', ...insecure, `docker://${source}`, `docker://${target}`]);
    },
    async () => {
      await scene.empty();
      return scene.peer('crane', ['cp', '--insecure', '-j', '6', source, target]);
    },
  ]);
  return { engineMs: ms(ours), skopeoMs: ms(skopeo), craneMs: ms(crane), peakRssMb: peakMb(engine) };
};

const toEcr = async (scene: CopyScene, { main }: BuiltImage): Promise<Copies['toEcr']> => {
  const job = { from: scene.from.host, to: scene.sink.url, repository, digest: main.digest, tag };
  const parts = layers.length * Math.ceil((layerMib * mib) / (10 * mib));
  const [engine = [], bare = []] = await inRounds([
    () => scene.run({ kind: 'to ECR', ...job }),
    () => scene.run({ kind: 'bare parts', to: scene.sink.url, parts, partSize: 10 * mib }),
  ]);
  return { engineMs: ms(engine), bareMs: ms(bare), peakRssMb: peakMb(engine) };
};

/** The first image is there; the second one has five layers of it, and one of its own. */
const changed = async (scene: CopyScene, [first, second]: [BuiltImage, BuiltImage], wholeMs: number) => {
  const withFirst = async () => {
    await scene.empty();
    await scene.run(toRegistry(scene, first));
  };
  const ours: Run[] = [];
  const [engine = [], crane = []] = await inRounds<{ ms: number }>([
    async () => {
      await withFirst();
      const run = await scene.run(toRegistry(scene, second));
      ours.push(run);
      return run;
    },
    async () => {
      await withFirst();
      const [from, to] = [scene.from.host, scene.to.host].map((host) => `${host}/${repository}:v2`);
      return scene.peer('crane', ['cp', '--insecure', '-j', '6', from ?? '', to ?? '']);
    },
  ]);
  const moved = median(ours.map(({ done }) => done.moved));
  const share = wholeMs / layers.length;
  return {
    movedToLayer: rounded(moved / (layerMib * mib)),
    timeToCrane: rounded(ms(engine) / ms(crane)),
    timeToShare: rounded(ms(engine) / share),
  };
};

const present = async (scene: CopyScene, image: BuiltImage): Promise<Copies['present']> => {
  await scene.run(toRegistry(scene, image));
  const { done } = await scene.run(toRegistry(scene, image));
  return {
    requests: total(done.requests, Object.keys(done.requests)),
    uploads: total(done.requests, ['POST', 'PATCH', 'PUT']),
  };
};

const growth = async (scene: CopyScene): Promise<Record<string, number>> => {
  const perLayer: Record<string, number> = {};
  for (const count of [10, 100, 400]) {
    const names = Array.from({ length: count }, (_, index) => `small ${index}`);
    const image = await scene.push(`of-${count}`, names, 1);
    const [runs = []] = await inRounds([
      async () => {
        await scene.empty();
        return scene.run(toRegistry(scene, image));
      },
    ]);
    perLayer[count] = rounded(median(runs.map(({ done }) => done.ms)) / count);
  }
  return perLayer;
};

/** Copies beside their peers, in the same run. Needs docker-registry, skopeo and crane; raises without them. */
export const measureCopies = async (folder: string): Promise<Copies> => {
  const scene = await openCopyScene(folder);
  try {
    const image = await scene.push(tag, layers, layerMib);
    const next = await scene.push('v2', [...layers.slice(0, -1), 'g'], layerMib);
    const v2 = await overV2(scene, image);
    const ecr = await toEcr(scene, image);
    const perLayerMs = await growth(scene);
    return {
      rounds,
      ...{ overV2: v2, toEcr: ecr, perLayerMs },
      changed: await changed(scene, [image, next], v2.engineMs),
      present: await present(scene, image),
      ratios: {
        toSkopeo: rounded(v2.engineMs / v2.skopeoMs),
        toCrane: rounded(v2.engineMs / v2.craneMs),
        toBare: rounded(ecr.engineMs / ecr.bareMs),
        growth: rounded((perLayerMs[400] ?? 0) / (perLayerMs[10] ?? 1)),
      },
    };
  } finally {
    await scene.close();
  }
};
