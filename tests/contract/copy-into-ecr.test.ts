import { randomBytes } from 'node:crypto';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrImageStore } from '../../lib/adapters/aws/ecr-image-store.ts';
import type { TransferResult } from '../../lib/app/transfer/transfer.ts';
import { transferImage } from '../../lib/app/transfer-image.ts';
import type { Manifest } from '../../lib/domain/image-manifest.ts';
import type { FaultRule } from '../../local/fleet/seeds.ts';
import { memoryCopyJournal, type MemoryCopyJournal } from '../support/memory-copy-journal.ts';
import { descriptorOf, memoryRegistry, type MemoryRegistry } from '../support/memory-registry.ts';
import { closeScenesAfterEach, openScene, type WireScene } from '../unit/fleet-wire/wire-scene.ts';

/** The engine with the real adapter, into the fleet's ECR: layers of more than one part of 10 MiB. */

closeScenesAfterEach();

const part = 10 * 2 ** 20;
const repository = 'shop/web';

let registry: MemoryRegistry;
let journal: MemoryCopyJournal;
let scene: WireScene;
let ecr: ECRClient;

beforeEach(async () => {
  scene = await openScene();
  await scene.control.putRepository({ name: repository, imageTagMutability: 'IMMUTABLE' });
  [registry, journal] = [memoryRegistry(), memoryCopyJournal()];
  registry.chunk = 65_536;
  ecr = new ECRClient({
    endpoint: scene.fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    // Each fault is seen by the engine, not by the SDK.
    maxAttempts: 1,
  });
});

afterEach(() => {
  ecr.destroy();
});

const transfer = (root: Manifest): Promise<TransferResult> =>
  transferImage({ registry, store: ecrImageStore(ecr), journal })(
    {
      copy: 'web-1',
      source: { repository: 'acme/web', digest: root.digest },
      destination: { repository, tags: ['v1', 'latest'] },
      signatures: 'required',
      maxBytes: 2 ** 30,
      createRepository: false,
    },
    { remaining: () => 900_000, beforeTags: () => Promise.resolve() },
  );

/** An index of one image with a layer of two parts and a half, and its signature. */
const signedImage = (): { root: Manifest; large: string } => {
  const large = registry.layer(randomBytes(2.5 * part));
  const image = registry.image({ layers: [large, registry.layer(randomBytes(1_000))] });
  const root = registry.index([descriptorOf(image, { platform: { os: 'linux', architecture: 'arm64' } })]);
  const artifactType = 'application/vnd.cncf.notary.signature';
  registry.image({ subject: root, artifactType, layers: [registry.layer(randomBytes(100))] });
  return { root, large: large.digest };
};

const expectCopied = async (root: Manifest): Promise<void> => {
  const view = await scene.control.ecrView(repository);
  const images = new Map(view.images.map(({ digest, tags }) => [digest, tags]));
  expect(new Set(images.keys())).toEqual(new Set(registry.manifests.keys()));
  expect(images.get(root.digest)?.toSorted()).toEqual(['latest', 'v1']);
  expect(new Set(view.layers.map(({ digest }) => digest))).toEqual(new Set(registry.blobs.keys()));
};

test('all of an image comes in one call', async () => {
  const { root } = signedImage();
  expect(await transfer(root)).toMatchObject({ state: 'done', digest: root.digest, leftOut: [] });
  await expectCopied(root);
  expect((await scene.control.ecrView(repository)).uploads).toEqual([]);
});

const faults: [string, Omit<FaultRule, 'operation'>][] = [
  ['is refused for now', { fault: { kind: 'server error' } }],
  ['is cut', { fault: { kind: 'cut', afterBytes: 40 } }],
  ['loses its answer', { fault: { kind: 'answer lost' } }],
];
const calls: [string, number][] = [
  ['BatchGetImage', 0],
  ['BatchCheckLayerAvailability', 0],
  ['InitiateLayerUpload', 1],
  // four small blobs and the large layer's first part
  ['UploadLayerPart', 5],
  ['CompleteLayerUpload', 1],
  ['PutImage', 1],
  ['PutImage', 4],
];
const cases = calls.flatMap(([operation, skip]) => faults.map(([what, rule]) => ({ operation, skip, what, rule })));

test.each(cases)(
  '$operation, after $skip good ones, $what: the next call goes on',
  async ({ operation, skip, rule }) => {
    const { root, large } = signedImage();
    await scene.control.addFault({ operation, skip, times: 1, ...rule });
    expect(await transfer(root)).toMatchObject({ state: 'unavailable', failure: 'AwsUnavailable' });
    expect(await transfer(root)).toMatchObject({ state: 'done' });
    await expectCopied(root);
    const layer = (await scene.control.ecrView(repository)).layers.find(({ digest }) => digest === large);
    expect(layer?.bytesReceived).toBeLessThanOrEqual(3.5 * part);
  },
);
