import type { Descriptor, Manifest } from '../../../../lib/domain/image-manifest.ts';
import { descriptorOf } from '../../../support/memory-registry.ts';
import { bytes, image, scene, type Scene } from './transfer-scene.ts';

const indexOf = (of: Scene, ...children: Manifest[]) => of.registry.index(children.map((child) => descriptorOf(child)));
const withLayer = (of: Scene, change: Partial<Descriptor>): Manifest =>
  of.registry.image({ layers: [{ ...of.registry.layer(bytes(40, 1)), ...change }] });
const childAs = (of: Scene, change: Partial<Descriptor>): Manifest =>
  of.registry.index([descriptorOf(image(of, 1), change)]);
const mib = 2 ** 20;

const refusals: [string, string, (of: Scene) => Manifest][] = [
  ['an index in an index in an index', 'ImageRefused', (of) => indexOf(of, indexOf(of, indexOf(of, image(of, 1))))],
  ['a layer that lies elsewhere', 'ImageRefused', (of) => withLayer(of, { urls: ['https://example.com/layer'] })],
  ['a layer without bytes', 'ImageRefused', (of) => withLayer(of, { size: 0 })],
  ['a child of another size', 'ImageRefused', (of) => childAs(of, { size: 3 })],
  ['a child of another type', 'ImageRefused', (of) => childAs(of, { mediaType: indexOf(of).mediaType })],
  ['a child that is no manifest', 'ImageRefused', (of) => childAs(of, { mediaType: 'text/plain' })],
  ['a layer over 52,000 MiB', 'LayerTooLarge', (of) => withLayer(of, { size: 52_000 * mib + 1 })],
  [
    'a layer of two sizes',
    'ImageRefused',
    (of) => of.registry.image({ layers: [40, 41].map((size) => ({ ...of.registry.layer(bytes(40, 1)), size })) }),
  ],
];

test.each(refusals)('%s is %s, and nothing is written', async (_what, name, make) => {
  const of = scene();
  await expect(of.transfer(make(of), { maxBytes: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({ name });
  expect(of.store.asked.filter((line) => line !== 'stored')).toEqual([]);
});

test('the refusal of a layer that lies elsewhere names the layer', async () => {
  const of = scene();
  const root = withLayer(of, { urls: ['https://example.com/layer'] });
  const facts = { layer: root.layers[0]?.digest };
  await expect(of.transfer(root)).rejects.toMatchObject({ facts });
});

test('as many bytes as the target allows are copied, one more is refused', async () => {
  const of = scene();
  const root = image(of, 1);
  const sum = 47 + (root.config?.size ?? 0);
  const refusal = of.transfer(root, { maxBytes: sum - 1 });
  await expect(refusal).rejects.toMatchObject({ name: 'ImageRefused', facts: { bytes: sum, limit: sum - 1 } });
  expect(of.store.received).toBe(0);
  expect(await of.transfer(root, { maxBytes: sum })).toMatchObject({ state: 'done' });
});

test('the blobs of signatures count, too', async () => {
  const of = scene();
  const root = image(of, 1);
  const sum = 47 + (root.config?.size ?? 0);
  of.registry.image({ subject: root, layers: [of.registry.layer(bytes(20, 50))] });
  await expect(of.transfer(root, { maxBytes: sum })).rejects.toMatchObject({ name: 'ImageRefused' });
});

test.each([
  [498, 'done'],
  [499, 'ImageRefused'],
])('%i layers with manifest and config: %s', async (count, end) => {
  const of = scene();
  const layers = Array.from({ length: count }, (_, seed) => of.registry.layer(bytes(10, seed)));
  const result = of.transfer(of.registry.image({ layers })).then(({ state }) => state);
  expect(await result.catch((error: unknown) => (error as Error).name)).toBe(end);
});

test('of an index with too many children none is read', async () => {
  const of = scene();
  const child = descriptorOf(image(of, 1));
  const children = Array.from({ length: 500 }, (_, at) => ({
    ...child,
    digest: `sha256:${String(at).padStart(64, '0')}`,
  }));
  await expect(of.transfer(of.registry.index(children))).rejects.toMatchObject({ name: 'ImageRefused' });
  expect(of.registry.asked.filter((line) => line.startsWith('manifest sha256:'))).toHaveLength(1);
});

test('manifests that together are too large to be held are refused', async () => {
  const of = scene();
  const large = Array.from({ length: 9 }, (_, seed) => {
    const annotations = { text: `${seed}`.repeat(4 * mib - 1_000) };
    return of.registry.index([descriptorOf(image(of, seed), { annotations })]);
  });
  const root = indexOf(of, ...large);
  await expect(of.transfer(root)).rejects.toMatchObject({ name: 'ImageRefused', facts: { limit: 32 * mib } });
  expect(of.store.received).toBe(0);
});

test('a layer that has more parts than ECR takes is LayerTooLarge before its first byte', async () => {
  const of = scene();
  const root = of.registry.image({ layers: [of.registry.layer(bytes(4_200 * 16, 1))] });
  expect(await of.transfer(root)).toMatchObject({ state: 'done' });
  const larger = of.registry.image({ layers: [of.registry.layer(bytes(4_200 * 16 + 1, 2))] });
  const received = of.store.received + (larger.config?.size ?? 0);
  await expect(of.transfer(larger)).rejects.toMatchObject({ name: 'LayerTooLarge' });
  expect(of.store.received).toBeLessThanOrEqual(received);
});
