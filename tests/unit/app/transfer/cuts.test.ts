import { randomInt } from 'node:crypto';
import type { TransferResult } from '../../../../lib/app/transfer/transfer.ts';
import { transferImage } from '../../../../lib/app/transfer-image.ts';
import type { Manifest } from '../../../../lib/domain/image-manifest.ts';
import { seededRandom } from '../../../../local/fleet/wire/seeded-random.ts';
import { cutPorts, newLife, type CutWorld } from '../../../support/cuts/cut-ports.ts';
import { randomImage } from '../../../support/cuts/random-image.ts';
import { memoryCopyJournal } from '../../../support/memory-copy-journal.ts';
import { memoryImageStore } from '../../../support/memory-image-store.ts';

/** How many copies are played; CUT_SEED=<seed of a failing one> CUT_RUNS=1 plays that one again. */
const runs = Number(process.env['CUT_RUNS'] ?? 1_000);
const firstSeed = Number(process.env['CUT_SEED'] ?? randomInt(2 ** 31));

const maxInvocations = 500;

const worldOf = (seed: number): { world: CutWorld; root: Manifest } => {
  const random = seededRandom(seed);
  const { registry, root } = randomImage(random);
  const [store, journal] = [memoryImageStore(), memoryCopyJournal()];
  if (random() < 0.2) store.repository = undefined;
  const counts = { cuts: new Map<string, number>(), sent: new Map<string, number>(), lost: new Map<string, number>() };
  const rate = 0.01 + random() * 0.12;
  const beside = random() < 0.3 ? { forsaken: 0 } : {};
  const world = { random, rate, registry, store, journal, late: [], deaths: 0, about: new Map(), ...counts, ...beside };
  return { root, world };
};

/** Now and then the time of an invocation ends in the midst of it. */
const timeOf = ({ random }: CutWorld): (() => number) => {
  let left = 900_000;
  return () => {
    if (random() < 0.002) left = 0;
    return left;
  };
};

/** One invocation: how it ended; undefined when it died or was given up. */
const invoke = (world: CutWorld, root: Manifest): Promise<TransferResult | undefined> => {
  const life = newLife();
  const transfer = transferImage(cutPorts(world, life))(
    {
      copy: 'web-1',
      source: { repository: 'acme/web', digest: root.digest },
      destination: { repository: 'web', tags: ['v1', 'latest'] },
      signatures: 'best-effort',
      maxBytes: 1_000_000,
      createRepository: true,
    },
    { remaining: timeOf(world), beforeTags: () => Promise.resolve() },
  );
  return Promise.race([transfer, life.end]);
};

const copied = async (world: CutWorld, root: Manifest): Promise<TransferResult> => {
  for (let invocations = 0; invocations < maxInvocations; invocations += 1) {
    const result = await invoke(world, root);
    if (result?.state === 'done') return result;
    // Bad times end: an invocation that must go well at each of fifty calls would else be waited for too long.
    world.rate *= 0.97;
  }
  throw new Error(`not done after ${maxInvocations} invocations`);
};

/**
 * Bytes that may be sent twice of a blob: two parts for each cut of it, two for each death, and all that the store lost. An
 * invocation that goes on beside the others may send all of it as well, and again what the store lost of it.
 */
const allowance = ({ cuts, deaths, lost, store, forsaken = 0 }: CutWorld, digest: string): number => {
  const again = lost.get(digest) ?? 0;
  const beside = ((store.blobs.get(digest)?.length ?? 0) + again) * forsaken;
  return beside + 2 * store.partSize * ((cuts.get(digest) ?? 0) + deaths) + again;
};

const play = async (seed: number): Promise<CutWorld> => {
  const { world, root } = worldOf(seed);
  expect(await copied(world, root)).toMatchObject({ digest: root.digest, leftOut: [] });
  for (const [digest, manifest] of world.registry.manifests)
    expect(world.store.manifests.get(digest)?.bytes.equals(manifest.bytes)).toBe(true);
  for (const [digest, content] of world.registry.blobs) {
    expect(world.store.blobs.get(digest)?.equals(content)).toBe(true);
    const twice = (world.sent.get(digest) ?? 0) - content.length;
    expect(twice).toBeLessThanOrEqual(allowance(world, digest));
  }
  expect(
    [...world.registry.tags, ['v1', root.digest]].every(([tag = '', digest]) => world.store.tags.get(tag) === digest),
  ).toBe(true);
  return world;
};

test(`${runs} copies that are cut and killed anywhere end with every byte, from seed ${firstSeed}`, async () => {
  let [deaths, cuts] = [0, 0];
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    try {
      const world = await play(seed);
      deaths += world.deaths;
      cuts += [...world.cuts.values()].reduce((sum, count) => sum + count, 0);
    } catch (error) {
      throw new Error(`CUT_SEED=${seed} CUT_RUNS=1 plays it again`, { cause: error });
    }
  }
  // A run in which nothing goes wrong would prove nothing.
  expect(deaths).toBeGreaterThanOrEqual(Math.floor(runs / 2));
  expect(cuts).toBeGreaterThanOrEqual(Math.floor(runs / 2));
}, 300_000);
