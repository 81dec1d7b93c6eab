import type { TransferPorts } from '../../../lib/app/transfer/transfer.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { MemoryCopyJournal } from '../memory-copy-journal.ts';
import type { MemoryImageStore } from '../memory-image-store.ts';
import type { MemoryRegistry } from '../memory-registry.ts';
import { below, type Random } from './random-image.ts';

/** The world that outlives every invocation, and what went wrong in it. */
export interface CutWorld {
  random: Random;
  /** of each call */
  rate: number;
  registry: MemoryRegistry;
  store: MemoryImageStore;
  journal: MemoryCopyJournal;
  /** calls of dead invocations that are still under way: they act later, beside another invocation */
  late: (() => void)[];
  deaths: number;
  /** invocations that were given up and go on beside the next; absent where none is */
  forsaken?: number;
  /** by digest: cuts of calls that were about it */
  cuts: Map<string, number>;
  /** by digest: bytes that were sent of it */
  sent: Map<string, number>;
  /** by digest: bytes that the store took and then lost */
  lost: Map<string, number>;
  /** by upload: the digest of what is uploaded */
  about: Map<string, string>;
}

/** One invocation. When it is over for whoever waits for it, `end` is kept; when it is dead, no call of it is answered any more. */
export interface Life {
  alive: boolean;
  end: Promise<undefined>;
  forsake: () => void;
}

export const newLife = (): Life => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    alive: true,
    end: promise,
    forsake: () => {
      resolve(undefined);
    },
  };
};

const never = () => new Promise<never>(() => undefined);

const add = (counts: Map<string, number>, digest: string, count: number): void => {
  counts.set(digest, (counts.get(digest) ?? 0) + count);
};

const kinds = ['refused', 'lost', 'killed before', 'killed after', 'killed, late'] as const;

const unavailable = (name: 'AwsUnavailable' | 'RegistryUnavailable') => new DeployFailure(name, 'cut');

/** Some ticks go by: calls side by side come in any order. */
const lag = async ({ random }: CutWorld): Promise<void> => {
  for (let ticks = below(random, 4); ticks > 0; ticks -= 1) await Promise.resolve();
};

const kill = (world: CutWorld, life: Life, act: () => Promise<unknown>, when: string): Promise<never> => {
  world.deaths += 1;
  life.alive = false;
  life.forsake();
  // Nobody hears how it ends.
  const unheard = () => {
    act().catch(() => undefined);
  };
  if (when === 'killed after') unheard();
  if (when === 'killed, late') world.late.push(unheard);
  return never();
};

/** One call, which goes well or is cut in one way or another. `digest`: what it is about, if it is about one blob. */
const call = async <T>(world: CutWorld, life: Life, act: () => Promise<T>, digest?: string): Promise<T> => {
  await lag(world);
  if (!life.alive) return never();
  if (world.random() < 0.3) world.late.shift()?.();
  if (world.forsaken !== undefined && world.random() < world.rate / 4) {
    world.forsaken += 1;
    life.forsake();
  }
  if (world.random() >= world.rate) return await act().finally(() => (life.alive ? undefined : never()));
  const kind = kinds[below(world.random, kinds.length)] ?? 'refused';
  if (kind.startsWith('killed')) return kill(world, life, act, kind);
  if (digest !== undefined) add(world.cuts, digest, 1);
  if (kind === 'lost') await act();
  throw unavailable('AwsUnavailable');
};

const cutStream = async function* (world: CutWorld, life: Life, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    await lag(world);
    if (!life.alive) await never();
    // of each chunk, and a blob has many
    if (world.random() < world.rate / 4) throw unavailable('RegistryUnavailable');
    yield chunk;
  }
};

/** ECR forgets its uploads, now and then; each was cut by that. */
const loseUploads = ({ random, rate, store, about, lost, cuts }: CutWorld): void => {
  if (random() >= rate / 8) return;
  for (const [uploadId, { length }] of store.uploads) {
    const digest = about.get(uploadId) ?? '';
    add(lost, digest, length);
    add(cuts, digest, 1);
  }
  store.uploads.clear();
};

const cutStore = (world: CutWorld, life: Life): TransferPorts['store'] => {
  const { store } = world;
  return {
    oneGo: store.oneGo,
    available: (...args) => call(world, life, () => store.available(...args)),
    putBlob: (repository, blob, bytes) =>
      call(
        world,
        life,
        async () => {
          await store.putBlob(repository, blob, bytes);
          add(world.sent, blob.digest, blob.size);
        },
        blob.digest,
      ),
    startUpload: (...args) => call(world, life, () => store.startUpload(...args)),
    uploadPart: (repository, upload, { first, bytes }) => {
      loseUploads(world);
      const digest = world.about.get(upload.uploadId) ?? '';
      // a late call sends what was in the buffer when it was made
      const part = { first, bytes: Buffer.from(bytes) };
      const act = () => {
        add(world.sent, digest, part.bytes.length);
        return store.uploadPart(repository, upload, part);
      };
      return call(world, life, act, digest);
    },
    completeUpload: (...args) => call(world, life, () => store.completeUpload(...args), args[2]),
    stored: (...args) => call(world, life, () => store.stored(...args)),
    putManifest: (...args) => call(world, life, () => store.putManifest(...args)),
    createRepository: (...args) => call(world, life, () => store.createRepository(...args)),
  };
};

const cutJournal = (world: CutWorld, life: Life): TransferPorts['journal'] => {
  const { journal } = world;
  return {
    begin: (...args) => call(world, life, () => journal.begin(...args)),
    layers: (...args) => call(world, life, () => journal.layers(...args)),
    uploads: (...args) => call(world, life, () => journal.uploads(...args)),
    save: (copy, digest, progress) => {
      world.about.set(progress.uploadId, digest);
      return call(world, life, () => journal.save(copy, digest, progress), digest);
    },
    forget: (...args) => call(world, life, () => journal.forget(...args), args[1]),
  };
};

/** The ports of one invocation, which cut its calls by the world's chance and kill it at one. */
export const cutPorts = (world: CutWorld, life: Life): TransferPorts => {
  const { registry } = world;
  return {
    registry: {
      host: () => registry.host(),
      digestOf: (...args) => call(world, life, () => registry.digestOf(...args)),
      manifest: (...args) => call(world, life, () => registry.manifest(...args)),
      referrers: (...args) => call(world, life, () => registry.referrers(...args)),
      blob: (...args) => cutStream(world, life, registry.blob(...args)),
    },
    store: cutStore(world, life),
    journal: cutJournal(world, life),
  };
};
