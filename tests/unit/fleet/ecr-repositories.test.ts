import { indexOf, manifestOf, pushing, sha256 } from './pushing.ts';
import { ACCOUNT, HOST, REGION } from './rehearsed-world.ts';

const absent = `sha256:${'a'.repeat(64)}`;

test('a repository is created with its settings, which are described then', () => {
  const it = pushing();
  const filters = [{ filterType: 'WILDCARD', filter: 'sha256-*' }];
  const input = {
    repositoryName: 'shop/web',
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: filters,
    imageScanningConfiguration: { scanOnPush: true },
  };
  const { repository } = it.call('CreateRepository', input);
  expect(repository).toEqual({
    ...input,
    repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/shop/web`,
    registryId: ACCOUNT,
    repositoryUri: `${HOST}/shop/web`,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    encryptionConfiguration: { encryptionType: 'AES256' },
  });
  const { repositories } = it.call('DescribeRepositories', { repositoryNames: ['shop/web', 'web'] });
  expect(repositories).toEqual([
    repository,
    expect.objectContaining({ imageTagMutability: 'MUTABLE', imageScanningConfiguration: { scanOnPush: false } }),
  ]);
  expect(it.refusal('CreateRepository', input)).toMatchObject({
    code: 'RepositoryAlreadyExistsException',
    message: `The repository with name 'shop/web' already exists in the registry with id '${ACCOUNT}'`,
  });
});

test.each([
  ['IMMUTABLE', [{ filterType: 'WILDCARD', filter: 'a*' }]],
  ['IMMUTABLE_WITH_EXCLUSION', undefined],
])('filters go with settings that exclude: %s', (imageTagMutability, imageTagMutabilityExclusionFilters) => {
  const it = pushing();
  const input = { repositoryName: 'new', imageTagMutability, imageTagMutabilityExclusionFilters };
  expect(it.refusal('CreateRepository', input).code).toBe('InvalidParameterException');
  expect(it.refusal('DescribeRepositories', { repositoryNames: ['new'] }).code).toBe('RepositoryNotFoundException');
});

test('a repository that is put again keeps its images and takes the new settings', () => {
  const it = pushing();
  const digest = it.image({ os: 'linux' }, { tag: 'v1' });
  const { repositoryArn } = it.world.putRepository({ name: 'web', imageTagMutability: 'IMMUTABLE' });
  expect(repositoryArn).toBe(`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/web`);
  expect(it.world.ecrView('web')).toMatchObject({ imageTagMutability: 'IMMUTABLE', images: [{ digest }] });
});

test('a tag is deleted alone, the last one and a digest with the image and the layers that no other image has', () => {
  const it = pushing();
  const [one, other] = [
    it.image({ is: 1 }, { tag: 'v1', layers: ['shared layer', 'own layer'] }),
    it.image({ is: 2 }, { tag: 'v2', manifest: manifestOf([JSON.stringify({ is: 2 }), 'shared layer']) }),
  ];
  it.call('PutImage', {
    imageManifest: JSON.stringify(manifestOf([JSON.stringify({ is: 2 }), 'shared layer'])),
    imageTag: 'v3',
  });
  const del = (imageIds: object[]): unknown => it.call('BatchDeleteImage', { imageIds });
  expect(del([{ imageTag: 'v3' }])).toEqual({ imageIds: [{ imageDigest: other, imageTag: 'v3' }], failures: [] });
  expect(del([{ imageTag: 'v1' }])).toEqual({ imageIds: [{ imageDigest: one, imageTag: 'v1' }], failures: [] });
  expect(it.world.ecrView('web')).toMatchObject({
    images: [{ digest: other, tags: ['v2'] }],
    layers: [{ digest: sha256('shared layer') }, { digest: sha256(JSON.stringify({ is: 2 })) }],
  });
  expect(del([{ imageDigest: one }, {}])).toMatchObject({
    imageIds: [],
    failures: [{ failureCode: 'ImageNotFound' }, { failureCode: 'MissingDigestAndTag' }],
  });
  expect(del([{ imageDigest: other }])).toMatchObject({ imageIds: [{ imageDigest: other, imageTag: 'v2' }] });
  expect(it.world.ecrView('web')).toMatchObject({ images: [], layers: [] });
});

test('an image that an index names is not deleted', () => {
  const it = pushing();
  const digest = it.image({ is: 1 });
  const index = indexOf([{ digest }]);
  it.call('PutImage', { imageManifest: index });
  expect(it.call('BatchDeleteImage', { imageIds: [{ imageDigest: digest }] })).toMatchObject({
    imageIds: [],
    failures: [
      {
        failureCode: 'ImageReferencedByManifestList',
        failureReason: `Requested image referenced by manifest list: [${sha256(index)}]`,
      },
    ],
  });
});

test('what names an image as its subject is listed, page by page and by type', () => {
  const it = pushing();
  const subject = { mediaType: 'any', digest: absent, size: 1 };
  const signature = it.image({ is: 1 }, { manifest: { subject, artifactType: 'signature', annotations: { a: 'b' } } });
  const bill = it.image({ is: 2 }, { manifest: { subject } });
  it.image({ is: 3 });
  const list = (more: object = {}): Record<string, unknown> =>
    it.call('ListImageReferrers', { subjectId: { imageDigest: absent }, ...more });
  const { referrers, nextToken } = list({ maxResults: 1 });
  expect(referrers).toMatchObject([
    { digest: signature, artifactType: 'signature', annotations: { a: 'b' }, artifactStatus: 'ACTIVE' },
  ]);
  expect(list({ maxResults: 1, nextToken })['referrers']).toMatchObject([
    { digest: bill, artifactType: 'application/vnd.oci.image.config.v1+json' },
  ]);
  expect(list({ filter: { artifactTypes: ['signature'] } })['referrers']).toMatchObject([{ digest: signature }]);
  expect(list({ filter: { artifactStatus: 'ARCHIVED' } })['referrers']).toEqual([]);
  expect(list({ subjectId: { imageDigest: bill } })['referrers']).toEqual([]);
});

test('a layer has a URL once an image names it', () => {
  const it = pushing();
  const layerDigest = it.push('a layer');
  const refusal = (digest: string): string => it.refusal('GetDownloadUrlForLayer', { layerDigest: digest }).code;
  expect(refusal(absent)).toBe('LayersNotFoundException');
  expect(refusal(layerDigest)).toBe('LayerInaccessibleException');
  it.push('{}');
  it.call('PutImage', { imageManifest: JSON.stringify(manifestOf(['{}', 'a layer'])) });
  const { downloadUrl } = it.call('GetDownloadUrlForLayer', { layerDigest });
  const url = new URL(String(downloadUrl));
  expect(it.world.registry.layer(url)?.toString()).toBe('a layer');
  const forged = new URL(url);
  forged.pathname = forged.pathname.replace(layerDigest, sha256('{}'));
  expect(it.world.registry.layer(forged)).toBeUndefined();
  it.clock.advance(3_600_000);
  expect(it.world.registry.layer(url)).toBeUndefined();
});

test('a docker client’s password is good for 12 hours', () => {
  const it = pushing();
  const { authorizationData } = it.call('GetAuthorizationToken');
  const [token] = authorizationData as { authorizationToken: string }[];
  const password = Buffer.from(token?.authorizationToken ?? '', 'base64')
    .toString()
    .slice('AWS:'.length);
  it.clock.advance(12 * 3_600_000 - 1);
  expect(it.world.registry.isPassword(password)).toBe(true);
  expect(it.world.registry.isPassword(`${password}0`)).toBe(false);
  expect(it.world.registry.isPassword('')).toBe(false);
  it.clock.advance(1);
  expect(it.world.registry.isPassword(password)).toBe(false);
});
