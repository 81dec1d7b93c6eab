import { gunzipSync } from 'node:zlib';
import { buildImage, type BuiltImage, type ImageSpec } from '../../../local/oci/build-image.ts';
import { layerBytes } from '../../../local/oci/layer-bytes.ts';
import { manifestDocument, sha256 } from '../../../local/oci/manifest-document.ts';

const bytesOf = (size: number, seed = 'a'): Buffer => Buffer.concat([...layerBytes({ size, seed })]);

// Around where a gzip becomes possible, and where one stored block becomes two.
test.each([1, 17, 22, 23, 24, 1024, 65_557, 65_558, 65_559, 65_563, 65_564, 200_000])(
  'a layer of %d bytes has as many, and is a good gzip when it can be',
  (size) => {
    const bytes = bytesOf(size);
    expect(bytes.length).toBe(size);
    if (size > 23) expect(gunzipSync(bytes).length).toBeGreaterThan(0);
  },
);

test('its bytes follow from the seed', () => {
  expect(bytesOf(1000).equals(bytesOf(1000))).toBe(true);
  expect(bytesOf(1000).equals(bytesOf(1000, 'b'))).toBe(false);
});

const configOf = ({ blobs }: BuiltImage): unknown => {
  const config = blobs.find(({ mediaType }) => mediaType === 'application/vnd.oci.image.config.v1+json');
  return JSON.parse(Buffer.concat([...(config?.bytes() ?? [])]).toString('utf8'));
};

const build = (more: Partial<ImageSpec> = {}): BuiltImage => buildImage({ seed: 'one', ...more });

test('an image names its blobs by their true digests and sizes', () => {
  const image = build({ layers: [{ size: 5000 }, { size: 10 }] });
  for (const { digest, size, bytes } of image.blobs) {
    const whole = Buffer.concat([...bytes()]);
    expect([sha256(whole), whole.length]).toEqual([digest, size]);
  }
  const { config, layers = [] } = manifestDocument(image.main);
  expect([...layers, config].map((one) => one?.digest)).toEqual(image.blobs.map(({ digest }) => digest));
  expect(image.main.digest).toBe(sha256(image.main.bytes));
});

test('its config says platform, labels, what it does, and its layers uncompressed', () => {
  const behaviour = { does: 'exit', code: 3, after: 5 } as const;
  const image = build({ labels: { revision: 'abc' }, behaviour, layers: [{ size: 5000 }] });
  const layer = gunzipSync(Buffer.concat([...(image.blobs[0]?.bytes() ?? [])]));
  expect(configOf(image)).toMatchObject({
    os: 'linux',
    architecture: 'amd64',
    config: { Labels: { revision: 'abc', 'rehearsal.behaviour': JSON.stringify(behaviour) } },
    rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
  });
});

test('the same seed is the same image, another one another', () => {
  expect(build().main.digest).toBe(build().main.digest);
  expect(build().main.digest).not.toBe(buildImage({ seed: 'two' }).main.digest);
});

test('a layer with a seed of its own is shared by platforms and images', () => {
  const platforms = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ];
  const layers = [{ size: 100, seed: 'base' }, { size: 100 }];
  const index = build({ platforms, layers });
  expect(index.children.map((child) => manifestDocument(child).layers?.[0]?.digest)).toEqual(
    new Array(2).fill(buildImage({ seed: 'two', layers }).blobs[0]?.digest),
  );
  // one shared layer, and of each platform its own layer and config
  expect(index.blobs).toHaveLength(5);
});

test("an index with attestations names each image's, as BuildKit does", () => {
  const { main, children } = build({ attestations: true });
  const [image, attestation] = children;
  expect(manifestDocument(main).manifests).toMatchObject([
    { digest: image?.digest, platform: { os: 'linux', architecture: 'amd64' } },
    {
      digest: attestation?.digest,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.digest': image?.digest,
        'vnd.docker.reference.type': 'attestation-manifest',
      },
    },
  ]);
});
