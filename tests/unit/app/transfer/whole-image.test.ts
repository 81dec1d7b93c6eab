import { DeployFailure } from '../../../../lib/domain/failure.ts';
import { descriptorOf } from '../../../support/memory-registry.ts';
import { arm, askedOf, bytes, expectCopied, image, linux, multiArch, scene } from './transfer-scene.ts';

test('an index comes with all its children, every byte, and its tag last', async () => {
  const of = scene();
  const root = multiArch(of);
  expect(await of.transfer(root)).toMatchObject({ state: 'done', digest: root.digest, present: 0, leftOut: [] });
  expectCopied(of);
  expect(of.store.tags).toEqual(new Map([['v1', root.digest]]));
  const puts = askedOf(of, 'putManifest');
  expect(puts.slice(-2)).toEqual([root.digest, 'v1']);
  expect(puts).toHaveLength(5);
  expect(of.store.asked.lastIndexOf('putManifest v1')).toBe(of.store.asked.length - 1);
});

test('an index of an index comes whole, a child that both name once', async () => {
  const of = scene();
  const shared = descriptorOf(image(of, 1), { platform: linux });
  const inner = of.registry.index([shared, descriptorOf(image(of, 2), { platform: arm })]);
  const root = of.registry.index([shared, descriptorOf(inner)]);
  expect(await of.transfer(root, { platform: arm })).toMatchObject({ state: 'done' });
  expectCopied(of);
  expect(askedOf(of, 'putManifest')).toHaveLength(5);
});

test('what is moved and what was there is counted, and told to those who watch', async () => {
  const of = scene();
  const root = image(of, 1, [40, 7]);
  const [first] = root.layers;
  of.store.blobs.set(first?.digest ?? '', bytes(40, 100));
  expect(await of.transfer(root)).toMatchObject({ moved: 7 + (root.config?.size ?? 0), present: 40 });
  expect(of.store.received).toBe(7 + (root.config?.size ?? 0));
  const told = of.journal.begun.get('web-1');
  expect(told?.map(({ size, present }) => [size, present])).toEqual([
    [root.config?.size, false],
    [40, true],
    [7, false],
  ]);
});

test('the biggest layer is begun first', async () => {
  const of = scene();
  await of.transfer(image(of, 1, [20, 300, 100]));
  const [first] = of.registry.asked.filter((line) => line.startsWith('blob'));
  const biggest = [...of.registry.blobs].find(([, { length }]) => length === 300)?.[0];
  expect(first).toBe(`blob ${biggest} from 0`);
});

test('what a call before brought is told as brought, not as there before', async () => {
  const of = scene();
  const root = image(of, 1);
  await of.transfer(root);
  of.store.manifests.clear();
  expect(await of.transfer(root)).toMatchObject({ state: 'done', moved: 0, present: 0 });
  expect(of.journal.begun.get('web-1')?.every(({ present }) => !present)).toBe(true);
});

test('a second image with one layer changed moves that layer and its config', async () => {
  const of = scene();
  const layers = [1, 2, 3, 4, 5].map((seed) => of.registry.layer(bytes(50, seed)));
  await of.transfer(of.registry.image({ layers }));
  of.store.received = 0;
  const changed = [...layers.slice(1), of.registry.layer(bytes(50, 6))];
  const root = of.registry.image({ layers: changed, platform: linux });
  expect(await of.transfer(root, { copy: 'web-2', destination: { repository: 'web', tags: ['v2'] } })).toMatchObject({
    moved: 50 + (root.config?.size ?? 0),
  });
  expect(of.store.received).toBe(50 + (root.config?.size ?? 0));
});

test('an image that is already there is not uploaded again: ten requests at most', async () => {
  const of = scene();
  const root = image(of, 1);
  await of.transfer(root);
  const before = { asked: of.registry.asked.length, received: of.store.received };
  of.store.asked = [];
  of.registry.referrersApi = false;
  expect(await of.transfer(root, { platform: linux })).toMatchObject({ state: 'done', moved: 0 });
  expect(of.store.received).toBe(before.received);
  expect(of.store.asked).toEqual(['stored']);
  expect(of.registry.asked.length - before.asked + of.store.asked.length).toBeLessThanOrEqual(10);
  expect(of.tagsBefore).toHaveLength(1);
});

test('an image that is there under no tag gets its tags, and nothing else is asked for', async () => {
  const of = scene();
  const root = multiArch(of);
  await of.transfer(root);
  of.store.asked = [];
  await of.transfer(root, { destination: { repository: 'web', tags: ['v1', 'v2'] } });
  expect(of.store.asked).toEqual(['stored', 'putManifest v2']);
});

test('tags are put in order, once each, after the caller was asked', async () => {
  const of = scene();
  await of.transfer(image(of, 1), { destination: { repository: 'web', tags: ['v1', 'latest', 'v1'] } });
  expect(askedOf(of, 'putManifest').slice(1)).toEqual(['v1', 'latest']);
  expect(of.tagsBefore).toEqual([[]]);
});

test('what the caller raises before the tags is raised, and no tag is put', async () => {
  const of = scene();
  const root = image(of, 1);
  of.tagsBefore.push = () => {
    throw new DeployFailure('LockLost', 'another has it');
  };
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'LockLost' });
  expect(of.store.manifests.has(root.digest)).toBe(true);
  expect(of.store.tags.size).toBe(0);
});

test('an immutable tag of another image is TagTaken, a mutable one moves', async () => {
  const of = scene();
  of.store.tags.set('latest', `sha256:${'0'.repeat(64)}`);
  const root = image(of, 1);
  const tags = { destination: { repository: 'web', tags: ['v1', 'latest'] } };
  await expect(of.transfer(root, tags)).rejects.toMatchObject({ name: 'TagTaken', facts: { tag: 'latest' } });
  of.store.immutable = false;
  expect(await of.transfer(root, tags)).toMatchObject({ state: 'done' });
  expect(of.store.tags.get('latest')).toBe(root.digest);
});

test('a repository that is missing is made only when the target says so', async () => {
  const of = scene();
  of.store.repository = undefined;
  const root = multiArch(of);
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'RepositoryMissing' });
  expect(of.store.asked).not.toContain('createRepository');
  expect(await of.transfer(root, { createRepository: true })).toMatchObject({ state: 'done' });
  expectCopied(of);
});

test('a layer that ECR loses before the manifest is brought again, once', async () => {
  const of = scene();
  const root = image(of, 1);
  const { putManifest } = of.store;
  let losses = 1;
  const losing = {
    ...of.store,
    putManifest: (...args: Parameters<typeof putManifest>) => {
      if (losses > 0) of.store.blobs.delete(root.layers[0]?.digest ?? '');
      losses -= 1;
      return putManifest(...args);
    },
  };
  expect(await of.transfer(root, {}, { store: losing })).toMatchObject({ state: 'done' });
  losses = 9;
  of.store.manifests.clear();
  expect(await of.transfer(root, {}, { store: losing })).toMatchObject({
    state: 'unavailable',
    failure: 'AwsUnavailable',
    because: 'ECR has lost something of the image, twice',
  });
});

test.each([
  ['the image', (of: ReturnType<typeof scene>, digest: string) => of.registry.manifests.delete(digest)],
  [
    'a layer',
    (of: ReturnType<typeof scene>) => {
      of.registry.blobs.clear();
    },
  ],
])('%s that is gone is ImageMissing', async (_what, take) => {
  const of = scene();
  const root = image(of, 1);
  take(of, root.digest);
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageMissing' });
  expect(of.store.manifests.size).toBe(0);
});

test('a child that is gone is ImageMissing before anything is written', async () => {
  const of = scene();
  const child = image(of, 1);
  const root = of.registry.index([descriptorOf(child, { platform: linux })]);
  of.registry.manifests.delete(child.digest);
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageMissing', facts: { digest: child.digest } });
  expect(of.store.received).toBe(0);
});

test.each([10, 100, 400])('of %i layers each is asked for once, and the calls grow with them', async (count) => {
  const of = scene();
  const layers = Array.from({ length: count }, (_, seed) => of.registry.layer(bytes(10, seed)));
  const root = of.registry.image({ layers });
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  expectCopied(of);
  expect(of.registry.asked.filter((line) => line.startsWith('blob'))).toHaveLength(count + 1);
  expect(of.store.asked).toHaveLength(count + 1 + 4);
});
