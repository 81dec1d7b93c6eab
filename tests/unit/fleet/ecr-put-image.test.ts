import { indexOf, manifestOf, OCI_INDEX, OCI_MANIFEST, pushing, sha256 } from './pushing.ts';
import { ACCOUNT } from './rehearsed-world.ts';

const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const absent = `sha256:${'a'.repeat(64)}`;
const config = JSON.stringify({ os: 'linux', architecture: 'amd64' });
const where = `repository with name 'web' in the registry with id '${ACCOUNT}'`;

test('an image is put once its layers are there, byte for byte, and its tag moves', () => {
  const it = pushing();
  it.push(config);
  it.push('a layer');
  const imageManifest = `${JSON.stringify(manifestOf([config, 'a layer']), null, 3)}\n`;
  const imageDigest = sha256(imageManifest);
  const { image } = it.call('PutImage', { imageManifest, imageTag: 'v1', imageDigest });
  const answer = {
    registryId: ACCOUNT,
    repositoryName: 'web',
    imageId: { imageDigest, imageTag: 'v1' },
    imageManifest,
    imageManifestMediaType: OCI_MANIFEST,
  };
  expect(image).toEqual(answer);
  expect(it.call('BatchGetImage', { imageIds: [{ imageTag: 'v1' }] })['images']).toEqual([answer]);
  const size = config.length + 'a layer'.length;
  const artifactMediaType = 'application/vnd.oci.image.config.v1+json';
  const { imageDetails } = it.call('DescribeImages');
  expect(imageDetails).toMatchObject([{ imageDigest, imageSizeInBytes: size, artifactMediaType }]);
  const other = it.image({ os: 'linux', architecture: 'amd64', other: true }, { tag: 'v1' });
  expect(it.world.ecrView('web').images).toMatchObject([
    { digest: imageDigest, tags: [] },
    { digest: other, tags: ['v1'] },
  ]);
});

test('a second tag is added to an image; the same one again is refused, and so is none', () => {
  const it = pushing();
  it.push(config);
  const imageManifest = JSON.stringify(manifestOf([config]));
  const digest = sha256(imageManifest);
  it.call('PutImage', { imageManifest, imageTag: 'v1' });
  it.call('PutImage', { imageManifest, imageTag: 'v2' });
  expect(it.world.ecrView('web').images).toMatchObject([{ digest, tags: ['v1', 'v2'] }]);
  expect(it.refusal('PutImage', { imageManifest, imageTag: 'v2' })).toMatchObject({
    code: 'ImageAlreadyExistsException',
    message: `Image with digest '${digest}' and tag 'v2' already exists in the ${where}`,
  });
  expect(it.refusal('PutImage', { imageManifest }).code).toBe('ImageAlreadyExistsException');
});

test('missing layers are named, foreign ones are not asked for', () => {
  const it = pushing();
  it.push(config);
  const imageManifest = JSON.stringify(manifestOf([config, 'one', 'two']));
  expect(it.refusal('PutImage', { imageManifest })).toMatchObject({
    code: 'LayersNotFoundException',
    message: `Layers with digests '[${sha256('one')}, ${sha256('two')}]' required for pushing image into ${where} do not exist`,
  });
  const layers = [{ mediaType: 'foreign', digest: absent, size: 1, urls: ['https://example.com/layer'] }];
  const foreign = JSON.stringify({ ...manifestOf([config]), layers });
  expect(it.call('PutImage', { imageManifest: foreign })).toHaveProperty('image');
});

test('an index is put once its children are there', () => {
  const it = pushing();
  const digest = it.image({ os: 'linux' }, { layers: ['a layer of 16 b.'] });
  const incomplete = indexOf([{ digest }, { digest: absent, architecture: 'arm64' }]);
  expect(it.refusal('PutImage', { imageManifest: incomplete })).toMatchObject({
    code: 'ReferencedImagesNotFoundException',
    message: `Images with digests '[${absent}]' required for pushing image into ${where} do not exist`,
  });
  const imageManifest = indexOf([{ digest }]);
  const { image } = it.call('PutImage', { imageManifest, imageTag: 'v1' });
  expect(image).toMatchObject({ imageManifestMediaType: OCI_INDEX, imageId: { imageDigest: sha256(imageManifest) } });
  const { imageDetails } = it.call('DescribeImages', { imageIds: [{ imageTag: 'v1' }] });
  expect(imageDetails).toMatchObject([{ imageSizeInBytes: JSON.stringify({ os: 'linux' }).length + 16 }]);
});

test.each([
  ['no JSON', '{', {}],
  ['no object', '[]', {}],
  ['a manifest without a media type', JSON.stringify({ ...manifestOf([config]), mediaType: undefined }), {}],
  [
    'another media type than it says',
    JSON.stringify(manifestOf([config])),
    { imageManifestMediaType: DOCKER_MANIFEST },
  ],
  ['a media type that ECR does not know', JSON.stringify({ ...manifestOf([config]), mediaType: 'text/plain' }), {}],
  ['no config', JSON.stringify({ ...manifestOf([config]), config: undefined }), {}],
  ['a broken digest', JSON.stringify({ ...manifestOf([config]), layers: [{ digest: 'sha256:1', size: 1 }] }), {}],
  ['an index without a list', JSON.stringify({ mediaType: OCI_INDEX }), {}],
])('%s is refused', (_name, imageManifest, more) => {
  const it = pushing();
  it.push(config);
  expect(it.refusal('PutImage', { imageManifest, ...more }).code).toBe('InvalidParameterException');
});

test('the request may say the media type that the manifest leaves out', () => {
  const it = pushing();
  it.push(config);
  const imageManifest = JSON.stringify({ ...manifestOf([config]), mediaType: undefined });
  const { image } = it.call('PutImage', { imageManifest, imageManifestMediaType: OCI_MANIFEST });
  expect(image).toMatchObject({ imageManifestMediaType: OCI_MANIFEST });
});

test('another digest than that of the manifest is refused', () => {
  const it = pushing();
  it.push(config);
  const imageManifest = JSON.stringify(manifestOf([config]));
  const refused = it.refusal('PutImage', { imageManifest, imageDigest: absent });
  expect(refused.code).toBe('ImageDigestDoesNotMatchException');
});

const filters = { imageTagMutabilityExclusionFilters: ['sha256-*', '*.tmp'] };

test.each([
  ['IMMUTABLE', {}, { v1: true, 'sha256-1': true }],
  ['MUTABLE', {}, { v1: false }],
  ['IMMUTABLE_WITH_EXCLUSION', filters, { v1: true, 'sha256-1': false, 'x.tmp': false, 'x-tmp': true, 'x.tmp1': true }],
  ['MUTABLE_WITH_EXCLUSION', filters, { v1: false, 'sha256-1': true, 'x.tmp': true }],
] as const)('%s: which tags stay where they are', (imageTagMutability, more, tags) => {
  for (const [tag, stays] of Object.entries(tags)) {
    const it = pushing({ partSize: 8 }, { imageTagMutability, ...more });
    const first = it.image({ os: 'linux' }, { tag });
    it.push(config);
    const imageManifest = JSON.stringify(manifestOf([config]));
    const put = (): unknown => it.call('PutImage', { imageManifest, imageTag: tag });
    if (stays) {
      expect(it.refusal('PutImage', { imageManifest, imageTag: tag })).toMatchObject({
        code: 'ImageTagAlreadyExistsException',
        message: `The image tag '${tag}' already exists in the 'web' repository and cannot be overwritten because the tag is immutable.`,
      });
    } else expect(put()).toHaveProperty('image');
    const moved = it.world.ecrView('web').images.find(({ tags: own }) => own.includes(tag));
    expect(moved?.digest === first).toBe(stays);
  }
});

test('an immutable tag is refused on the very image that has it', () => {
  const it = pushing({ partSize: 8 }, { imageTagMutability: 'IMMUTABLE' });
  it.push(config);
  const imageManifest = JSON.stringify(manifestOf([config]));
  it.call('PutImage', { imageManifest, imageTag: 'v1' });
  expect(it.refusal('PutImage', { imageManifest, imageTag: 'v1' }).code).toBe('ImageTagAlreadyExistsException');
});

test('ten images a second are put, in real time, and no more', () => {
  const it = pushing({ partSize: 8, putImagesPerSecond: 10 });
  it.push(config);
  const put = (number: number): unknown => {
    const imageManifest = JSON.stringify(manifestOf([config]));
    return it.call('PutImage', { imageManifest, imageTag: `v${number}` });
  };
  for (let number = 0; number < 10; number += 1) put(number);
  const eleventh = { imageManifest: JSON.stringify(manifestOf([config])), imageTag: 'v10' };
  expect(it.refusal('PutImage', eleventh)).toMatchObject({ code: 'ThrottlingException', message: 'Rate exceeded' });
  it.clock.advance(60_000);
  expect(it.refusal('PutImage', eleventh).code).toBe('ThrottlingException');
  it.real.now += 100;
  it.call('PutImage', eleventh);
  expect(it.refusal('PutImage', { ...eleventh, imageTag: 'v11' }).code).toBe('ThrottlingException');
  it.real.now += 60_000;
  for (let number = 20; number < 30; number += 1) put(number);
  expect(() => put(30)).toThrow('Rate exceeded');
});

test('layers of a seeded image count as present', () => {
  const it = pushing();
  it.world.putImage({ repository: 'web', tag: 'v1', behaviour: { does: 'become healthy', after: 1 } });
  const [seeded] = it.call('BatchGetImage', { imageIds: [{ imageTag: 'v1' }] })['images'] as {
    imageManifest: string;
  }[];
  const { layers } = JSON.parse(seeded?.imageManifest ?? '') as { layers: { digest: string }[] };
  it.push(config);
  const imageManifest = JSON.stringify({ ...manifestOf([config]), layers });
  expect(it.call('PutImage', { imageManifest })).toHaveProperty('image');
  const layerDigests = layers.map(({ digest }) => digest);
  expect(it.call('BatchCheckLayerAvailability', { layerDigests })).toMatchObject({
    layers: [{ layerAvailability: 'AVAILABLE', layerSize: 7_340_032 }],
  });
});
