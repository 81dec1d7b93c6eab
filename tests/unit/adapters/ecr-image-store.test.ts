import { randomBytes } from 'node:crypto';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrImageStore } from '../../../lib/adapters/aws/ecr-image-store.ts';
import { manifestTypes } from '../../../lib/domain/image-manifest.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

// What the store means is in tests/contract/image-store.test.ts; here is what it sends, and what the fleet cannot be brought to answer.

const store = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...ecrImageStore(new ECRClient(options)) };
};

const digest = `sha256:${'a'.repeat(64)}`;
const upload = { uploadId: 'upload-1', partSize: 4 };
const started: Canned = { body: upload };
const blob = { mediaType: 'any', digest, size: 10 };
async function* bytes(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('01234'));
  yield Buffer.from('56789');
}
const manifest = { mediaType: manifestTypes[0], digest, bytes: Buffer.from('{ }') };

test('a blob in one go is sent in parts of the size that ECR asks for', async () => {
  const { requests, putBlob } = store(started, { body: {} });
  await putBlob('web', blob, bytes());
  expect(requests.map(({ target }) => target.split('.')[1])).toEqual([
    'InitiateLayerUpload',
    ...['UploadLayerPart', 'UploadLayerPart', 'UploadLayerPart'],
    'CompleteLayerUpload',
  ]);
  expect(requests.slice(1, 4).map(({ input }) => input)).toEqual(
    (
      [
        [0, 3, '0123'],
        [4, 7, '4567'],
        [8, 9, '89'],
      ] as const
    ).map(([partFirstByte, partLastByte, part]) => ({
      ...{ repositoryName: 'web', uploadId: 'upload-1', partFirstByte, partLastByte },
      layerPartBlob: Buffer.from(part).toString('base64'),
    })),
  );
  expect(requests[4]?.input).toEqual({ repositoryName: 'web', uploadId: 'upload-1', layerDigests: [digest] });
});

test('parts of any length are sent as they are, also from a buffer that held a longer one, and again after a lost answer', async () => {
  const { options, requests } = cannedAnswers('no answer', { body: {} });
  const { uploadPart } = ecrImageStore(new ECRClient({ ...options, maxAttempts: 2 }));
  const lengths = [200_000, 200_001, 49_152, 1, 200_002];
  for (const length of lengths) {
    const part = { first: length, bytes: randomBytes(length) };
    expect(await uploadPart('web', upload, part)).toEqual({ state: 'taken' });
    expect(requests.at(-1)?.input).toEqual({
      ...{ repositoryName: 'web', uploadId: 'upload-1', partFirstByte: length, partLastByte: 2 * length - 1 },
      layerPartBlob: part.bytes.toString('base64'),
    });
  }
  expect(requests).toHaveLength(lengths.length + 1);
  expect(requests[0]).toEqual(requests[1]);
});

test('a manifest is put as the text that it is, with its type and digest, and asked for by no type of ECR’s choice', async () => {
  const { requests, putManifest, stored } = store({ body: {} });
  await putManifest('web', manifest);
  await putManifest('web', manifest, 'v1');
  await stored('web', { digests: [digest], tags: ['v1'] });
  const put = {
    repositoryName: 'web',
    imageManifest: '{ }',
    imageManifestMediaType: manifestTypes[0],
    imageDigest: digest,
  };
  const imageIds = [{ imageDigest: digest }, { imageTag: 'v1' }];
  expect(requests.map(({ input }) => input)).toEqual([
    put,
    { ...put, imageTag: 'v1' },
    { repositoryName: 'web', imageIds, acceptedMediaTypes: manifestTypes },
  ]);
});

test('a repository is made with immutable tags and scan on push', async () => {
  const { requests, createRepository } = store({ body: {} });
  await createRepository('web');
  expect(requests[0]?.input).toEqual({
    repositoryName: 'web',
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
  });
});

const available = (layerAvailability: string): Canned => ({
  body: { layers: [{ layerDigest: digest, layerAvailability }] },
});

test.each([
  ['that is there all the same is put: an answer was lost', available('AVAILABLE'), undefined],
  ['that is not there is to be tried again', available('UNAVAILABLE'), 'AwsUnavailable'],
])('a blob whose upload is gone and %s', async (_what, answer, name) => {
  const gone = { code: 'UploadNotFoundException' };
  for (const answers of [
    [started, gone, answer],
    [started, { body: {} }, { body: {} }, { body: {} }, gone, answer],
  ]) {
    const put = store(...answers).putBlob('web', blob, bytes());
    await (name === undefined ? put : expect(put).rejects.toMatchObject({ name }));
  }
});

test('a wrong part whose answer names no byte is expected from the start', async () => {
  const { uploadPart } = store({ code: 'InvalidLayerPartException' });
  const part = { first: 4, bytes: Buffer.from('4567') };
  expect(await uploadPart('web', upload, part)).toEqual({ state: 'expected', next: 0 });
});

test('a layer that is archived or without its bytes is not there', async () => {
  expect(await store(available('ARCHIVED')).available('web', [digest])).toEqual(new Set());
});

test.each([
  ['AwsUnavailable', 'no answer' as const],
  ['AwsUnavailable', { code: 'ThrottlingException' }],
  ['AwsUnavailable', { code: 'ServerException', status: 500 }],
  ['AwsRefused', { code: 'AccessDeniedException' }],
  ['RepositoryMissing', { code: 'RepositoryNotFoundException' }],
])('%s by every method, and nothing of AWS’s own text', async (name, answer) => {
  const ecr = store(answer);
  const calls = [
    () => ecr.available('web', [digest]),
    () => ecr.putBlob('web', blob, bytes()),
    () => ecr.startUpload('web'),
    () => ecr.uploadPart('web', upload, { first: 0, bytes: Buffer.from('0') }),
    () => ecr.completeUpload('web', upload, digest),
    () => ecr.stored('web', { digests: [digest], tags: [] }),
    () => ecr.putManifest('web', manifest, 'v1'),
  ];
  for (const call of calls) {
    const raised = await raisedBy(call);
    expect(raised).toMatchObject({ name });
    expect(raised.message).not.toContain('hunter2');
  }
});
