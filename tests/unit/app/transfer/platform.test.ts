import type { Manifest } from '../../../../lib/domain/image-manifest.ts';
import { descriptorOf } from '../../../support/memory-registry.ts';
import { arm, image, linux, multiArch, scene, type Scene } from './transfer-scene.ts';

const unknown = { platform: { os: 'unknown', architecture: 'unknown' } };

const shapes: [string, (of: Scene) => Manifest][] = [
  ['an index that names it', multiArch],
  ['an image whose config names it', (of) => image(of, 1, [40], arm)],
  ['an index in an index that names it', (of) => of.registry.index([descriptorOf(multiArch(of))])],
];

test.each(shapes)('%s is well', async (_shape, make) => {
  const of = scene();
  expect(await of.transfer(make(of), { platform: arm })).toMatchObject({ state: 'done' });
});

const lacking: [string, (of: Scene) => Manifest][] = [
  ['an index of another', (of) => of.registry.index([descriptorOf(image(of, 1), { platform: linux })])],
  ['an index with an attestation alone', (of) => of.registry.index([descriptorOf(image(of, 1), unknown)])],
  ['an image of another', (of) => image(of, 1)],
  ['an artifact, which has none', (of) => of.registry.image({ layers: [] })],
];

test.each(lacking)('%s is PlatformMissing, and nothing is written', async (_shape, make) => {
  const of = scene();
  of.store.repository = undefined;
  const root = make(of);
  const transfer = of.transfer(root, { platform: arm, createRepository: true });
  await expect(transfer).rejects.toMatchObject({ name: 'PlatformMissing', facts: { needed: 'linux/arm64' } });
  expect(of.store.asked).toEqual([]);
  expect(of.journal.begun.size).toBe(0);
});

test('the failure names what there is', async () => {
  const of = scene();
  const needed = { os: 'windows', architecture: 'amd64' };
  await expect(of.transfer(multiArch(of), { platform: needed })).rejects.toMatchObject({
    facts: { platforms: ['linux/amd64', 'linux/arm64'] },
  });
});

test('a config that is no JSON names no platform; one of many MiB is not read', async () => {
  const of = scene();
  const root = image(of, 1);
  const config = of.registry.layer(Buffer.from('not JSON'));
  of.registry.manifests.set(root.digest, { ...root, config });
  await expect(of.transfer(root, { platform: linux })).rejects.toMatchObject({ name: 'PlatformMissing' });
  of.registry.manifests.set(root.digest, { ...root, config: { ...config, size: 5 * 2 ** 20 } });
  await expect(of.transfer(root, { platform: linux })).rejects.toMatchObject({ name: 'ImageRefused' });
});
