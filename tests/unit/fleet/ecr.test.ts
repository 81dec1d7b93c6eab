import { createHash } from 'node:crypto';
import { ACCOUNT, HEALTHY, HOST, REGION, rehearsed } from './rehearsed-world.ts';

const image = (it: ReturnType<typeof rehearsed>, imageIds: object[]): Record<string, unknown> =>
  it.call('ecr', 'BatchGetImage', { repositoryName: 'web', imageIds });

test('an image without a digest of its own has the digest of its manifest', () => {
  const it = rehearsed();
  const { digest } = it.world.putImage({ repository: 'web', tag: '2', behaviour: HEALTHY });
  const { images } = image(it, [{ imageTag: '2' }]);
  const [found] = images as { imageManifest: string; imageManifestMediaType: string }[];
  const manifest = found?.imageManifest ?? '';
  expect(`sha256:${createHash('sha256').update(manifest).digest('hex')}`).toBe(digest);
  expect(JSON.parse(manifest)).toMatchObject({ schemaVersion: 2, mediaType: found?.imageManifestMediaType });
});

test('BatchGetImage tells what is missing in failures', () => {
  const it = rehearsed();
  const [first] = it.tasks();
  const digest = first?.containers?.[0]?.imageDigest;
  it.world.putImage({ repository: 'web', tag: '2', behaviour: { does: 'fail to pull' } });
  const answer = image(it, [{ imageTag: 'none' }, {}, { imageDigest: digest, imageTag: '2' }, { imageDigest: digest }]);
  expect(answer['images']).toMatchObject([{ imageId: { imageDigest: digest } }]);
  expect(answer['failures']).toMatchObject([
    { imageId: { imageTag: 'none' }, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' },
    { failureCode: 'MissingDigestAndTag' },
    { failureCode: 'ImageTagDoesNotMatchDigest' },
  ]);
});

test('DescribeImages finds by tag or digest, lists all, and refuses what is not there', () => {
  const it = rehearsed();
  const { digest } = it.world.putImage({ repository: 'web', behaviour: { does: 'exit', code: 1, after: 1 } });
  const describeImages = (input: object): unknown =>
    it.call('ecr', 'DescribeImages', { repositoryName: 'web', ...input })['imageDetails'];
  expect(describeImages({ imageIds: [{ imageTag: '1' }] })).toMatchObject([{ imageTags: ['1'], registryId: ACCOUNT }]);
  expect(describeImages({ imageIds: [{ imageDigest: digest }] })).toMatchObject([{ imageDigest: digest }]);
  expect(describeImages({})).toHaveLength(2);
  expect(describeImages({ filter: { tagStatus: 'UNTAGGED' } })).toMatchObject([{ imageDigest: digest }]);
  const refuse = (input: object): string =>
    it.refusal('ecr', 'DescribeImages', { repositoryName: 'web', ...input }).code;
  expect(refuse({ imageIds: [{ imageTag: 'none' }] })).toBe('ImageNotFoundException');
  expect(refuse({ repositoryName: 'none' })).toBe('RepositoryNotFoundException');
  expect(refuse({ registryId: '999999999999' })).toBe('RepositoryNotFoundException');
});

test('a tag moves to the image that gets it last', () => {
  const it = rehearsed();
  const given = `sha256:${'ab'.repeat(32)}`;
  it.world.putImage({ repository: 'web', tag: '1', digest: given, behaviour: HEALTHY });
  expect(image(it, [{ imageTag: '1' }])['images']).toMatchObject([{ imageId: { imageDigest: given } }]);
  const { imageIds } = it.call('ecr', 'ListImages', { repositoryName: 'web' });
  expect(imageIds).toEqual(expect.arrayContaining([{ imageDigest: given, imageTag: '1' }]));
  expect(imageIds).toHaveLength(2);
});

test('repositories are described, and a token is good for 12 hours', () => {
  const it = rehearsed();
  expect(it.call('ecr', 'DescribeRepositories', { repositoryNames: ['web'] })['repositories']).toMatchObject([
    { repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/web`, repositoryUri: `${HOST}/web` },
  ]);
  expect(it.refusal('ecr', 'DescribeRepositories', { repositoryNames: ['x'] }).code).toBe(
    'RepositoryNotFoundException',
  );
  const { authorizationData } = it.call('ecr', 'GetAuthorizationToken');
  const [token] = authorizationData as { authorizationToken: string; expiresAt: Date; proxyEndpoint: string }[];
  expect(Buffer.from(token?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:.{20}/);
  expect(token?.expiresAt.getTime()).toBe(it.clock.now() + 12 * 3_600_000);
  expect(token?.proxyEndpoint).toBe(`https://${HOST}`);
});
