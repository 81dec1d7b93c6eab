import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  InvalidLayerPartException,
  ListImageReferrersCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import type { FaultRule } from '../../local/fleet/seeds.ts';
import type { WireScene } from '../unit/fleet-wire/wire-scene.ts';
import { closeScenesAfterEach, openScene } from '../unit/fleet-wire/wire-scene.ts';
import { manifestOf, part, sha256 } from '../unit/fleet/pushing.ts';

closeScenesAfterEach();

const repositoryName = 'shop/web';
const MEBIBYTE = 1_048_576;

let it: WireScene;
let ecr: ECRClient;

const client = (maxAttempts: number): ECRClient =>
  new ECRClient({
    endpoint: it.fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts,
    userAgentAppId: 'copier',
  });

beforeEach(async () => {
  it = await openScene();
  await it.control.putRepository({ name: repositoryName });
  ecr = client(1);
});

afterEach(() => {
  ecr.destroy();
});

const begin = async (): Promise<string> => {
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  return uploadId ?? '';
};

const partOf = (uploadId: string, first: number, bytes: Buffer): UploadLayerPartCommand =>
  new UploadLayerPartCommand({ repositoryName, ...(part(uploadId, first, bytes) as PartInput) });

type PartInput = Omit<ConstructorParameters<typeof UploadLayerPartCommand>[0], 'repositoryName'>;

const completed = (uploadId: string, bytes: Buffer): CompleteLayerUploadCommand =>
  new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [sha256(bytes)] });

const push = async (bytes: Buffer): Promise<string> => {
  const uploadId = await begin();
  await ecr.send(partOf(uploadId, 0, bytes));
  const { layerDigest } = await ecr.send(completed(uploadId, bytes));
  return layerDigest ?? '';
};

test('a repository is created, an image is pushed in parts of 10 MiB, and all of it is read back', async () => {
  const created = await ecr.send(
    new CreateRepositoryCommand({
      repositoryName: 'new',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'sha256-*' }],
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
  const described = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['new'] }));
  expect(described.repositories).toEqual([created.repository]);
  const layer = randomBytes(10 * MEBIBYTE + 5);
  const { uploadId = '', partSize = 0 } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  await ecr.send(partOf(uploadId, 0, layer.subarray(0, partSize)));
  const last = await ecr.send(partOf(uploadId, partSize, layer.subarray(partSize)));
  expect(last.lastByteReceived).toBe(layer.length - 1);
  await ecr.send(completed(uploadId, layer));
  await push(Buffer.from('{}'));
  const subject = { mediaType: 'any', digest: sha256('subject'), size: 1 };
  const manifest = JSON.stringify({ ...manifestOf(['{}', '']), subject });
  const imageManifest = manifest.replaceAll(sha256(''), sha256(layer));
  const { image } = await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: 'v1' }));
  const imageIds = [{ imageTag: 'v1' }];
  const read = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
  expect(read.images).toEqual([image]);
  await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
  const referrers = new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest: subject.digest } });
  expect((await ecr.send(referrers)).referrers).toMatchObject([{ digest: sha256(imageManifest) }]);
  const layerDigests = [sha256(layer), sha256('another')];
  const checked = await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));
  expect(checked.layers?.map(({ layerAvailability }) => layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE']);
  const deleted = await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
  expect(deleted.imageIds).toEqual([{ imageDigest: sha256(imageManifest), imageTag: 'v1' }]);
});

test('a layer’s URL gives its bytes, whole or in part, to whoever has it', async () => {
  const layer = await push(Buffer.from('{"a":1}'));
  const imageManifest = JSON.stringify(manifestOf(['{"a":1}']));
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest }));
  const { downloadUrl = '' } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layer }),
  );
  const whole = await fetch(downloadUrl);
  expect([whole.status, await whole.text()]).toEqual([200, '{"a":1}']);
  const some = await fetch(downloadUrl, { headers: { range: 'bytes=5-' } });
  expect([some.status, some.headers.get('content-range'), await some.text()]).toEqual([206, 'bytes 5-6/7', '1}']);
  expect((await fetch(downloadUrl, { headers: { range: 'bytes=7-' } })).status).toBe(416);
  expect((await fetch(`${downloadUrl}0`)).status).toBe(403);
});

test('a wrong part says how far the upload has come; the record keeps how long parts are, not their bytes', async () => {
  const uploadId = await begin();
  const bytes = Buffer.alloc(5, 'x');
  const early = ecr.send(partOf(uploadId, 5, bytes)).catch((error: unknown) => error);
  expect(await early).toBeInstanceOf(InvalidLayerPartException);
  expect(await early).toMatchObject({ repositoryName, uploadId, registryId: '123456789012' });
  expect(await early).toMatchObject({ lastValidByteReceived: undefined });
  await ecr.send(partOf(uploadId, 0, bytes));
  await expect(ecr.send(partOf(uploadId, 0, bytes))).rejects.toMatchObject({ lastValidByteReceived: 4 });
  const calls = await it.control.calls({ operation: 'UploadLayerPart' });
  expect(calls.map(({ input, outcome, resources }) => [input['layerPartBlob'], outcome, ...resources])).toEqual(
    ['error', 'ok', 'error'].map((outcome) => [
      '<5 bytes>',
      outcome,
      'arn:aws:ecr:eu-central-1:123456789012:repository/shop/web',
    ]),
  );
});

test('a part has at most 20,971,520 bytes', async () => {
  const most = Buffer.alloc(20 * MEBIBYTE);
  const uploadId = await begin();
  expect((await ecr.send(partOf(uploadId, 0, most))).lastByteReceived).toBe(most.length - 1);
  const more = partOf(uploadId, most.length, Buffer.alloc(most.length + 1));
  await expect(ecr.send(more)).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('the view and the settings are reached from outside', async () => {
  await it.control.setRegistry({ partSize: 100, uploadLifetime: 60 });
  const { partSize } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  expect(partSize).toBe(100);
  expect(await it.control.ecrView(repositoryName)).toMatchObject({ name: repositoryName, uploads: [{ size: 0 }] });
  it.minutes(1);
  expect(await it.control.ecrView(repositoryName)).toMatchObject({ uploads: [] });
  await expect(it.control.ecrView('none')).rejects.toThrow("The repository with name 'none' does not exist");
});

const bytes = Buffer.from('{"os":"linux"}');

/** What each operation is, prepared so that it succeeds. */
const prepared: Record<string, () => Promise<() => Promise<unknown>>> = {
  UploadLayerPart: async () => {
    const uploadId = await begin();
    return () => ecr.send(partOf(uploadId, 0, bytes));
  },
  CompleteLayerUpload: async () => {
    const uploadId = await begin();
    await ecr.send(partOf(uploadId, 0, bytes));
    return () => ecr.send(completed(uploadId, bytes));
  },
  PutImage: async () => {
    await push(bytes);
    const imageManifest = JSON.stringify(manifestOf([bytes.toString()]));
    return () => ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: 'v1' }));
  },
};

/** How far each has come: bytes under way, layers, images. */
const state = async (): Promise<number[]> => {
  const { uploads, layers, images } = await it.control.ecrView(repositoryName);
  return [uploads[0]?.size ?? 0, layers.length, images.length];
};

const faults: [kind: string, fault: FaultRule['fault'], name: RegExp][] = [
  ['throttled', { kind: 'throttle' }, /^ThrottlingException$/],
  ['refused by the service', { kind: 'server error' }, /^ServerException$/],
  ['reset', { kind: 'reset' }, /^(Error|TimeoutError)$/],
  ['cut in its body', { kind: 'cut', afterBytes: 20 }, /^(Error|TimeoutError)$/],
  ['refused', { kind: 'refuse', code: 'KmsException', message: 'no key' }, /^KmsException$/],
];

describe.each(Object.keys(prepared))('%s', (operation) => {
  test.each(faults)('%s: it did not happen, and can be asked for again', async (_kind, fault, name) => {
    const send = await prepared[operation]?.();
    const before = await state();
    await it.control.addFault({ operation, fault });
    await expect(send?.()).rejects.toMatchObject({ name: expect.stringMatching(name) as string });
    expect(await state()).toEqual(before);
    await send?.();
    expect(await state()).not.toEqual(before);
    const calls = await it.control.calls({ operation });
    expect(calls.slice(-2)).toMatchObject([
      { outcome: 'fault', fault: fault.kind, caller: 'copier' },
      { outcome: 'ok' },
    ]);
  });

  test('its answer is lost: it happened, and asked for again it says so', async () => {
    const send = await prepared[operation]?.();
    const before = await state();
    await it.control.addFault({ operation, fault: { kind: 'answer lost' } });
    await expect(send?.()).rejects.toMatchObject({ name: expect.stringMatching(/^(Error|TimeoutError)$/) as string });
    const after = await state();
    expect(after).not.toEqual(before);
    const again: Record<string, object> = {
      UploadLayerPart: { name: 'InvalidLayerPartException', lastValidByteReceived: bytes.length - 1 },
      CompleteLayerUpload: { name: 'UploadNotFoundException' },
      PutImage: { name: 'ImageAlreadyExistsException' },
    };
    await expect(send?.()).rejects.toMatchObject(again[operation] ?? {});
    expect(await state()).toEqual(after);
  });
});

test('a part that is cut anywhere in its body is not taken', async () => {
  const layer = randomBytes(MEBIBYTE);
  const uploadId = await begin();
  for (const afterBytes of [0, 1, 1000, MEBIBYTE, 100 * MEBIBYTE]) {
    await it.control.addFault({ operation: 'UploadLayerPart', fault: { kind: 'cut', afterBytes } });
    await expect(ecr.send(partOf(uploadId, 0, layer))).rejects.toThrow();
    expect(await it.control.ecrView(repositoryName)).toMatchObject({ uploads: [{ size: 0 }], bytesReceived: 0 });
  }
  await ecr.send(partOf(uploadId, 0, layer));
  const patient = client(3);
  await it.control.addFault({ operation: 'CompleteLayerUpload', fault: { kind: 'cut', afterBytes: 10 } });
  await patient.send(completed(uploadId, layer));
  patient.destroy();
});

test('a cut comes as soon as its byte has come, not at the end', async () => {
  await it.control.addFault({ operation: 'PutImage', fault: { kind: 'cut', afterBytes: 100 } });
  const headers = { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.PutImage', 'content-length': '1000000' };
  const sent = request(it.fleet.url, { method: 'POST', headers });
  const failed = once(sent, 'error');
  sent.write(Buffer.alloc(100, ' '));
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('a fault that cuts before it is known what the call is about cannot be bound to that', async () => {
  const rule = { operation: 'PutImage', resource: 'an ARN', fault: { kind: 'cut', afterBytes: 1 } } as const;
  await expect(it.control.addFault(rule)).rejects.toThrow('not known yet');
});
