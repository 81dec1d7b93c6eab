import { DeployFailure } from '../../../../lib/domain/failure.ts';
import type { Descriptor, Manifest } from '../../../../lib/domain/image-manifest.ts';
import { failing } from '../../../support/memory-faults.ts';
import { askedOf, bytes, expectCopied, scene, type Scene } from './transfer-scene.ts';

const unavailable = (name: 'AwsUnavailable' | 'RegistryUnavailable' = 'AwsUnavailable') =>
  new DeployFailure(name, 'not now');

/** An image of one layer of so many bytes: 16 make a part. */
const oneLayer = (of: Scene, size = 100): { root: Manifest; layer: Descriptor } => {
  const layer = of.registry.layer(bytes(size, 1));
  return { layer, root: of.registry.image({ layers: [layer] }) };
};

const parts = (of: Scene): string[] => askedOf(of, 'uploadPart');

/** The store, with its n-th part (from 0) dealt with by `act`, which may pass it on. */
const atPart = (of: Scene, index: number, act: (send: () => Promise<unknown>) => Promise<unknown>): Scene['store'] => {
  let count = -1;
  const uploadPart = (...args: Parameters<Scene['store']['uploadPart']>) => {
    const send = () => of.store.uploadPart(...args);
    count += 1;
    return (count === index ? act(send) : send()) as ReturnType<Scene['store']['uploadPart']>;
  };
  return { ...of.store, uploadPart };
};

test('a layer goes in parts of the size that the store asks for, each kept, and the upload is forgotten', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  const saved: number[] = [];
  const save: typeof of.journal.save = (copy, digest, progress) => {
    if (digest === layer.digest) saved.push(progress.next);
    return of.journal.save(copy, digest, progress);
  };
  expect(await of.transfer(root, {}, { journal: { ...of.journal, save } })).toMatchObject({ state: 'done' });
  expect(parts(of)).toEqual(
    [0, 16, 32, 48, 64, 80, 96].map((first) => expect.stringContaining(` ${first}+`) as string),
  );
  expect(saved).toEqual([0, 16, 32, 48, 64, 80, 96, 100]);
  expect(of.journal.progress.size).toBe(0);
  expectCopied(of);
});

test('a layer of exactly two parts has two', async () => {
  const of = scene();
  await of.transfer(oneLayer(of, 32).root);
  expect(parts(of)).toHaveLength(2);
  expectCopied(of);
});

test('a refused part ends this call; the next goes on at the byte that is kept, at the source too', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  const store = atPart(of, 3, () => Promise.reject(unavailable()));
  expect(await of.transfer(root, {}, { store })).toMatchObject({
    ...{ state: 'unavailable', failure: 'AwsUnavailable', because: 'not now' },
    moved: 48 + (root.config?.size ?? 0),
  });
  of.registry.asked = [];
  expect(await of.transfer(root)).toMatchObject({ state: 'done', moved: 52 });
  expect(of.registry.asked.filter((line) => line.startsWith('blob'))).toEqual([`blob ${layer.digest} from 48`]);
  expect(askedOf(of, 'startUpload')).toHaveLength(1);
  expectCopied(of);
});

test('a part whose answer is lost is sent twice, and no byte more', async () => {
  const of = scene();
  const { root } = oneLayer(of);
  const store = atPart(of, 3, async (send) => {
    await send();
    throw unavailable();
  });
  expect(await of.transfer(root, {}, { store })).toMatchObject({ state: 'unavailable' });
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expect(of.store.received).toBe(100 + (root.config?.size ?? 0) + 16);
  expectCopied(of);
});

test('a part that was sent again under the hood is taken as there: the source is read on', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  const store = atPart(of, 3, async (send) => {
    await send();
    return send();
  });
  expect(await of.transfer(root, {}, { store })).toMatchObject({
    state: 'done',
    moved: 100 + (root.config?.size ?? 0),
  });
  expect(of.registry.asked.filter((line) => line.startsWith(`blob ${layer.digest}`))).toHaveLength(1);
  expectCopied(of);
});

test('after a refused part no more is read of the source', async () => {
  const of = scene();
  const { root } = oneLayer(of);
  of.registry.chunk = 1;
  let read = 0;
  const registry = {
    ...of.registry,
    blob: async function* (...args: Parameters<typeof of.registry.blob>) {
      for await (const chunk of of.registry.blob(...args)) {
        read += args[1].size === 100 ? 1 : 0;
        yield chunk;
      }
    },
  };
  const store = atPart(of, 0, () => Promise.reject(unavailable()));
  await of.transfer(root, {}, { registry, store });
  expect(read).toBeGreaterThanOrEqual(16);
  expect(read).toBeLessThan(32);
});

test('a journal that is behind is told by the store where to go on', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  const store = atPart(of, 5, () => Promise.reject(unavailable()));
  await of.transfer(root, {}, { store });
  const kept = [...of.journal.progress.entries()][0];
  if (kept === undefined) throw new Error('nothing is kept');
  of.journal.progress.set(kept[0], { ...kept[1], next: 16 });
  of.registry.asked = [];
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expect(of.registry.asked.filter((line) => line.startsWith('blob'))).toEqual([
    `blob ${layer.digest} from 16`,
    `blob ${layer.digest} from 80`,
  ]);
  expect(of.store.received).toBe(100 + (root.config?.size ?? 0) + 16);
  expectCopied(of);
});

test('all bytes there and the completion lost: completed, and nothing is read or sent', async () => {
  const of = scene();
  const { root } = oneLayer(of, 96);
  const store = { ...of.store, completeUpload: () => Promise.reject(unavailable()) };
  await of.transfer(root, {}, { store });
  [of.registry.asked, of.store.asked] = [[], []];
  expect(await of.transfer(root)).toMatchObject({ state: 'done', moved: 0 });
  expect(of.registry.asked.filter((line) => line.startsWith('blob'))).toEqual([]);
  expect(parts(of)).toEqual([]);
  expectCopied(of);
});

test('an upload that is gone is begun again', async () => {
  const of = scene();
  const { root } = oneLayer(of);
  const store = atPart(of, 3, (send) => {
    of.store.uploads.clear();
    return send();
  });
  expect(await of.transfer(root, {}, { store })).toMatchObject({ state: 'done' });
  expect(askedOf(of, 'startUpload')).toHaveLength(2);
  expectCopied(of);
});

test('an upload that is gone over and over: unavailable', async () => {
  const of = scene();
  const { root } = oneLayer(of);
  const uploadPart = () => Promise.resolve({ state: 'gone' } as const);
  const result = await of.transfer(root, {}, { store: { ...of.store, uploadPart } });
  expect(result).toMatchObject({ state: 'unavailable', because: 'the upload of a layer was lost over and over' });
  expect(askedOf(of, 'startUpload')).toHaveLength(4);
});

test('a store that expects the same byte over and over: unavailable', async () => {
  const of = scene();
  const { root } = oneLayer(of);
  const uploadPart = () => Promise.resolve({ state: 'expected', next: 3 } as const);
  const result = await of.transfer(root, {}, { store: { ...of.store, uploadPart } });
  expect(result).toMatchObject({ state: 'unavailable' });
  expect(of.journal.progress.size).toBe(1);
});

test('an upload with more bytes than the layer has is left for a new one', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  await of.journal.save('web-1', layer.digest, { ...(await of.store.startUpload('web')), next: 96 });
  await of.store.uploadPart('web', { uploadId: 'upload-1', partSize: 16 }, { first: 0, bytes: Buffer.alloc(32) });
  const kept = of.store.uploads.get('upload-1');
  if (kept !== undefined) kept.length = 112;
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expectCopied(of);
});

test('two at the same time with the same upload both end right', async () => {
  const of = scene();
  const { root } = oneLayer(of, 1_000);
  const store = atPart(of, 3, () => Promise.reject(unavailable()));
  await of.transfer(root, {}, { store });
  const both = await Promise.all([of.transfer(root), of.transfer(root)]);
  expect(both.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(askedOf(of, 'startUpload')).toHaveLength(1);
  expectCopied(of);
});

test('two that begin at the same time go on with one upload', async () => {
  const of = scene();
  const { root } = oneLayer(of, 1_000);
  const both = await Promise.all([of.transfer(root), of.transfer(root)]);
  expect(both.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(new Set(parts(of).map((part) => part.split(' ')[0])).size).toBe(1);
  expectCopied(of);
});

test('a layer that another completed meanwhile is not begun again', async () => {
  const of = scene();
  const { root, layer } = oneLayer(of);
  const store = atPart(of, 3, (send) => {
    of.store.uploads.clear();
    of.store.blobs.set(layer.digest, bytes(100, 1));
    return send();
  });
  expect(await of.transfer(root, {}, { store })).toMatchObject({ state: 'done' });
  expect(askedOf(of, 'startUpload')).toHaveLength(1);
});

const wrong: [string, number, (content: Buffer) => Buffer][] = [
  ['other bytes', 100, (content) => Buffer.from(content).fill('x', 50, 51)],
  ['other bytes, in one go', 10, (content) => Buffer.from(content).fill('x', 5, 6)],
  ['fewer bytes', 100, (content) => content.subarray(1)],
  ['fewer bytes, in one go', 10, (content) => content.subarray(1)],
  ['more bytes', 100, (content) => Buffer.concat([content, Buffer.from('x')])],
  ['more bytes, in one go', 10, (content) => Buffer.concat([content, Buffer.from('x')])],
];

test.each(wrong)('%s than the digest says: ImageRefused, and the layer is not there', async (_what, size, change) => {
  const of = scene();
  const { root, layer } = oneLayer(of, size);
  of.registry.blobs.set(layer.digest, change(bytes(size, 1)));
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageRefused', facts: { layer: layer.digest } });
  expect(of.store.blobs.has(layer.digest)).toBe(false);
  expect(of.store.asked.filter((line) => line.startsWith('putManifest') || line.startsWith('completeUpload'))).toEqual(
    [],
  );
});

/** A layer that was broken off, and is another one at the source since then. */
const changedMeanwhile = async (of: Scene): Promise<Manifest> => {
  const { root, layer } = oneLayer(of);
  const store = atPart(of, 3, () => Promise.reject(unavailable()));
  await of.transfer(root, {}, { store });
  of.registry.blobs.set(layer.digest, Buffer.from(bytes(100, 1)).fill('x', 50, 51));
  return root;
};

test('of a layer that is gone on with, the store finds the wrong bytes: ImageRefused, and the upload is forgotten', async () => {
  const of = scene();
  const root = await changedMeanwhile(of);
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageRefused' });
  expect(of.journal.progress.size).toBe(0);
});

test('that is final also when the journal gives no answer just then', async () => {
  const of = scene();
  const root = await changedMeanwhile(of);
  const journal = failing(of.journal, 'forget');
  await expect(of.transfer(root, {}, { journal })).rejects.toMatchObject({ name: 'ImageRefused' });
});

test('a source that is cut does not stop the other layers; the next call brings the rest', async () => {
  const of = scene();
  const layers = Array.from({ length: 20 }, (_, seed) => of.registry.layer(bytes(100 + seed, seed)));
  const root = of.registry.image({ layers });
  const cut = layers[19]?.digest;
  const registry = {
    ...of.registry,
    blob: async function* (...args: Parameters<typeof of.registry.blob>) {
      if (args[1].digest === cut) throw unavailable('RegistryUnavailable');
      yield* of.registry.blob(...args);
    },
  };
  expect(await of.transfer(root, {}, { registry })).toMatchObject({
    state: 'unavailable',
    failure: 'RegistryUnavailable',
  });
  expect(of.store.blobs.size).toBe(20);
  expect(await of.transfer(root)).toMatchObject({ state: 'done', moved: 119 });
  expectCopied(of);
});

test('a source that gives nothing at all is not asked for every layer', async () => {
  const of = scene();
  const root = of.registry.image({
    layers: Array.from({ length: 50 }, (_, seed) => of.registry.layer(bytes(9, seed))),
  });
  let asked = 0;
  const blob = (): AsyncIterable<Buffer> => {
    asked += 1;
    throw unavailable('RegistryUnavailable');
  };
  expect(await of.transfer(root, {}, { registry: { ...of.registry, blob } })).toMatchObject({ state: 'unavailable' });
  expect(asked).toBeLessThanOrEqual(12);
});

test('a failure that time does not mend ends what is under way', async () => {
  const of = scene();
  const large = of.registry.layer(bytes(10_000, 1));
  const gone = of.registry.layer(bytes(9, 2));
  of.registry.blobs.delete(gone.digest);
  await expect(of.transfer(of.registry.image({ layers: [large, gone] }))).rejects.toMatchObject({
    name: 'ImageMissing',
  });
  expect(of.store.received).toBeLessThan(1_000);
});
