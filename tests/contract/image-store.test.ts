import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrImageStore } from '../../lib/adapters/aws/ecr-image-store.ts';
import type { Descriptor } from '../../lib/domain/image-manifest.ts';
import type { ImageStore } from '../../lib/ports/image-store.ts';
import { v2ImageStore } from '../../local/oci/v2-image-store.ts';
import { memoryImageStore } from '../support/memory-image-store.ts';
import { descriptorOf, digestOf, memoryRegistry } from '../support/memory-registry.ts';
import { closeScenesAfterEach, openScene, type WireScene } from '../unit/fleet-wire/wire-scene.ts';
import { startOciRegistry, type OciRegistryUnderTest } from '../unit/oci/oci-registry.ts';

/** One meaning, thrice: the fake that the copy's own tests use must answer as ECR does, and a registry that is pushed to as well. */

closeScenesAfterEach();

const repository = 'shop/web';
/** bytes of each part: what the fake and the fleet's ECR here ask for */
const partSize = 16;

const clients: ECRClient[] = [];
const registries: OciRegistryUnderTest[] = [];
let fleet: WireScene | undefined;

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  for (const registry of registries.splice(0)) registry.close();
});

const inFleet = async (mutable = false): Promise<ImageStore> => {
  fleet = await openScene();
  await fleet.control.putRepository({ name: repository, imageTagMutability: mutable ? 'MUTABLE' : 'IMMUTABLE' });
  await fleet.control.setRegistry({ partSize, putImagesPerSecond: 1_000 });
  const client = new ECRClient({
    endpoint: fleet.fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  clients.push(client);
  return ecrImageStore(client);
};

const inMemory = (mutable = false): Promise<ImageStore> => {
  const store = memoryImageStore(repository);
  store.immutable = !mutable;
  return Promise.resolve(store);
};

const inRegistry = async (): Promise<ImageStore> => {
  const registry = await startOciRegistry();
  registries.push(registry);
  return v2ImageStore({ url: registry.url });
};

type Make = (mutable?: boolean) => Promise<ImageStore>;
const ofEcr: [string, Make][] = [
  ['in memory', inMemory],
  ["in the fleet's ECR", inFleet],
];
const all: [string, Make][] = [...ofEcr, ['in a registry, by /v2', inRegistry]];

const content = (size: number, seed = 1): Buffer => Buffer.alloc(size, `${seed}-`);
const blobOf = (bytes: Buffer): Descriptor => ({ mediaType: 'any', digest: digestOf(bytes), size: bytes.length });
async function* inChunks(bytes: Buffer, size = 5): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
const put = (store: ImageStore, bytes: Buffer): Promise<void> =>
  store.putBlob(repository, blobOf(bytes), inChunks(bytes));
const has = async (store: ImageStore, bytes: Buffer): Promise<boolean> =>
  (await store.available(repository, [digestOf(bytes)])).has(digestOf(bytes));

/** An image and an index of it; its blobs are put when asked for. */
const sample = () => {
  const registry = memoryRegistry();
  const image = registry.image({ layers: [registry.layer(content(30))] });
  return { image, index: registry.index([descriptorOf(image)]), blobs: [...registry.blobs.values()] };
};

describe.each(all)('blobs %s', (_where, make) => {
  let store: ImageStore;
  beforeEach(async () => {
    store = await make();
  });

  test('nothing is there at first', async () => {
    expect(await store.available(repository, [digestOf(content(3))])).toEqual(new Set());
    const asked = { digests: [digestOf(content(3))], tags: ['v1'] };
    expect(await store.stored(repository, asked)).toEqual({ digests: new Set(), tags: new Map() });
  });

  test('one in one go is there, and may be put again', async () => {
    await put(store, content(10));
    expect(await has(store, content(10))).toBe(true);
    await put(store, content(10));
    expect(await store.available(repository, [content(9), content(10)].map(digestOf))).toEqual(
      new Set([digestOf(content(10))]),
    );
  });

  test('bytes that raise at their end put nothing, and that is raised', async () => {
    const bytes = content(10);
    const doubtful = async function* () {
      yield* inChunks(bytes.subarray(0, 9));
      throw new Error('not the digest');
    };
    await expect(store.putBlob(repository, blobOf(bytes), doubtful())).rejects.toThrow('not the digest');
    expect(await has(store, bytes)).toBe(false);
  });

  test('parts in order make a blob, also from a buffer that is used again', async () => {
    const bytes = content(40);
    const upload = await store.startUpload(repository);
    const buffer = Buffer.alloc(partSize);
    for (let first = 0; first < bytes.length; first += partSize) {
      const length = bytes.copy(buffer, 0, first);
      const part = { first, bytes: buffer.subarray(0, length) };
      expect(await store.uploadPart(repository, upload, part)).toEqual({ state: 'taken' });
    }
    buffer.fill('x');
    expect(await store.completeUpload(repository, upload, digestOf(bytes))).toBe('complete');
    expect(await has(store, bytes)).toBe(true);
  });

  test('a part at another byte is told which byte comes next, and the upload goes on there', async () => {
    const bytes = content(40);
    const upload = await store.startUpload(repository);
    const send = (first: number, end: number) =>
      store.uploadPart(repository, upload, { first, bytes: bytes.subarray(first, end) });
    await send(0, 16);
    expect(await send(0, 16)).toEqual({ state: 'expected', next: 16 });
    expect(await send(32, 40)).toEqual({ state: 'expected', next: 16 });
    expect(await send(16, 32)).toEqual({ state: 'taken' });
    expect(await send(32, 40)).toEqual({ state: 'taken' });
    expect(await store.completeUpload(repository, upload, digestOf(bytes))).toBe('complete');
  });

  test('bytes of another digest are a mismatch, and there is no such blob', async () => {
    const upload = await store.startUpload(repository);
    await store.uploadPart(repository, upload, { first: 0, bytes: content(16, 2) });
    expect(await store.completeUpload(repository, upload, digestOf(content(16)))).toBe('mismatch');
    expect(await has(store, content(16))).toBe(false);
  });

  test('a completed upload is gone, and the blob stays', async () => {
    const bytes = content(16);
    const upload = await store.startUpload(repository);
    await store.uploadPart(repository, upload, { first: 0, bytes });
    await store.completeUpload(repository, upload, digestOf(bytes));
    expect(await store.uploadPart(repository, upload, { first: 16, bytes })).toEqual({ state: 'gone' });
    expect(await store.completeUpload(repository, upload, digestOf(bytes))).toBe('gone');
    expect(await has(store, bytes)).toBe(true);
  });

  test('a blob that is there already may be uploaded once more', async () => {
    const bytes = content(16);
    await put(store, bytes);
    const upload = await store.startUpload(repository);
    await store.uploadPart(repository, upload, { first: 0, bytes });
    expect(await store.completeUpload(repository, upload, digestOf(bytes))).toBe('complete');
  });

  test('more than a hundred are looked for', async () => {
    await put(store, content(10));
    const digests = Array.from({ length: 250 }, (_, seed) => digestOf(content(20, seed)));
    expect(await store.available(repository, [...digests, digestOf(content(10))])).toEqual(
      new Set([digestOf(content(10))]),
    );
  });

  test('a manifest before what it names is incomplete; then it is put, and known by digest and tags', async () => {
    const { image, index, blobs } = sample();
    expect(await store.putManifest(repository, image, 'v1')).toBe('incomplete');
    for (const blob of blobs) await put(store, blob);
    expect(await store.putManifest(repository, index)).toBe('incomplete');
    expect(await store.putManifest(repository, image)).toBe('put');
    expect(await store.putManifest(repository, image)).toBe('put');
    expect(await store.putManifest(repository, index, 'v1')).toBe('put');
    expect(await store.putManifest(repository, index, 'v2')).toBe('put');
    const asked = { digests: [image.digest, index.digest, digestOf(content(9))], tags: ['v1', 'v2', 'v3'] };
    const stored = await store.stored(repository, asked);
    expect([...stored.digests].sort()).toEqual([image.digest, index.digest].sort());
    expect(stored.tags).toEqual(
      new Map([
        ['v1', index.digest],
        ['v2', index.digest],
      ]),
    );
  });

  test('more than a hundred manifests and tags are looked for', async () => {
    const { image, blobs } = sample();
    for (const blob of blobs) await put(store, blob);
    await store.putManifest(repository, image, 'v1');
    const digests = Array.from({ length: 150 }, (_, seed) => digestOf(content(20, seed)));
    const tags = Array.from({ length: 150 }, (_, at) => `none-${at}`);
    const stored = await store.stored(repository, { digests: [...digests, image.digest], tags: [...tags, 'v1'] });
    expect(stored).toEqual({ digests: new Set([image.digest]), tags: new Map([['v1', image.digest]]) });
  });

  test('a manifest’s bytes stay what they are: blanks, other alphabets and all', async () => {
    const { image, blobs } = sample();
    for (const blob of blobs) await put(store, blob);
    const text = `${image.bytes.toString().replace('{', '{\n  "annotations": { "by": "Müller – 株式会社" },')}\n`;
    const odd = { ...image, bytes: Buffer.from(text), digest: digestOf(Buffer.from(text)) };
    expect(await store.putManifest(repository, odd, 'v1')).toBe('put');
    expect((await store.stored(repository, { digests: [odd.digest], tags: [] })).digests.size).toBe(1);
  });
});

describe.each(ofEcr)('a repository %s', (_where, make) => {
  test('before the first part, byte 0 is expected', async () => {
    const store = await make();
    const upload = await store.startUpload(repository);
    expect(upload.partSize).toBe(partSize);
    const part = { first: 16, bytes: content(16) };
    expect(await store.uploadPart(repository, upload, part)).toEqual({ state: 'expected', next: 0 });
  });

  test('an upload that nobody knows is gone', async () => {
    const store = await make();
    const upload = { uploadId: 'a0a0a0a0-0000-0000-0000-000000000000', partSize };
    expect(await store.uploadPart(repository, upload, { first: 0, bytes: content(16) })).toEqual({ state: 'gone' });
    expect(await store.completeUpload(repository, upload, digestOf(content(16)))).toBe('gone');
  });

  test('parts that are too small are refused at the end, and so is an upload without any', async () => {
    const store = await make();
    const upload = await store.startUpload(repository);
    await expect(store.completeUpload(repository, upload, digestOf(content(4)))).rejects.toMatchObject({
      name: 'AwsRefused',
    });
    for (const first of [0, 2]) await store.uploadPart(repository, upload, { first, bytes: content(2) });
    await expect(store.completeUpload(repository, upload, digestOf(content(4)))).rejects.toMatchObject({
      name: 'AwsRefused',
    });
  });

  test('an immutable tag: of this image it is put, of another it is taken, and stays', async () => {
    const store = await make();
    const { image, index, blobs } = sample();
    for (const blob of blobs) await put(store, blob);
    expect(await store.putManifest(repository, image, 'v1')).toBe('put');
    expect(await store.putManifest(repository, image, 'v1')).toBe('put');
    expect(await store.putManifest(repository, index, 'v1')).toBe('tag taken');
    const { tags } = await store.stored(repository, { digests: [], tags: ['v1'] });
    expect(tags.get('v1')).toBe(image.digest);
  });

  test('a mutable tag moves', async () => {
    const store = await make(true);
    const { image, index, blobs } = sample();
    for (const blob of blobs) await put(store, blob);
    await store.putManifest(repository, image, 'v1');
    expect(await store.putManifest(repository, index, 'v1')).toBe('put');
    const { tags } = await store.stored(repository, { digests: [], tags: ['v1'] });
    expect(tags.get('v1')).toBe(index.digest);
  });

  test('a digest that is not that of the bytes is refused', async () => {
    const store = await make();
    const { image, blobs } = sample();
    for (const blob of blobs) await put(store, blob);
    const wrong = { ...image, digest: digestOf(content(9)) };
    await expect(store.putManifest(repository, wrong)).rejects.toMatchObject({ name: 'AwsRefused' });
  });

  test('one that is missing is so called by every call; made, it has immutable tags, and stays as it is', async () => {
    const store = await make();
    const { image, index, blobs } = sample();
    const upload = { uploadId: 'a0a0a0a0-0000-0000-0000-000000000000', partSize };
    const bytes = content(16);
    const calls = [
      () => store.available('missing', [digestOf(bytes)]),
      () => store.putBlob('missing', blobOf(bytes), inChunks(bytes)),
      () => store.startUpload('missing'),
      () => store.uploadPart('missing', upload, { first: 0, bytes }),
      () => store.completeUpload('missing', upload, digestOf(bytes)),
      () => store.stored('missing', { digests: [digestOf(bytes)], tags: ['v1'] }),
      () => store.putManifest('missing', image, 'v1'),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'RepositoryMissing' });
    await store.createRepository('missing');
    for (const blob of blobs) await store.putBlob('missing', blobOf(blob), inChunks(blob));
    await store.putManifest('missing', image, 'v1');
    await store.createRepository('missing');
    expect(await store.putManifest('missing', index, 'v1')).toBe('tag taken');
  });
});
