import { randomBytes } from 'node:crypto';
import { ACCOUNT } from './rehearsed-world.ts';
import { part, pushing, sha256 } from './pushing.ts';

const layer = Buffer.from('twenty-one bytes here');

test('parts become a layer that is then available, in the size that was asked for', () => {
  const it = pushing({ partSize: 8 });
  const { uploadId, partSize } = it.call('InitiateLayerUpload');
  expect(uploadId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(partSize).toBe(8);
  const id = String(uploadId);
  expect(it.call('UploadLayerPart', part(id, 0, layer.subarray(0, 8)))).toEqual({
    registryId: ACCOUNT,
    repositoryName: 'web',
    uploadId,
    lastByteReceived: 7,
  });
  it.call('UploadLayerPart', part(id, 8, layer.subarray(8, 16)));
  expect(it.call('UploadLayerPart', part(id, 16, layer.subarray(16)))).toMatchObject({ lastByteReceived: 20 });
  const layerDigest = sha256(layer);
  expect(it.call('CompleteLayerUpload', { uploadId, layerDigests: [layerDigest] })).toMatchObject({ layerDigest });
  const none = `sha256:${'0'.repeat(64)}`;
  const layerDigests = [layerDigest, none, 'no digest', ''];
  expect(it.call('BatchCheckLayerAvailability', { layerDigests })).toEqual({
    layers: [
      { layerDigest, layerAvailability: 'AVAILABLE', layerSize: 21 },
      { layerDigest: none, layerAvailability: 'UNAVAILABLE' },
    ],
    failures: [
      { layerDigest: 'no digest', failureCode: 'InvalidLayerDigest', failureReason: 'Invalid layer digest' },
      { layerDigest: '', failureCode: 'MissingLayerDigest', failureReason: 'Missing layer digest' },
    ],
  });
});

test('10 MiB are asked for unless the world says otherwise, and then parts may be half of it', () => {
  expect(pushing({}).call('InitiateLayerUpload')['partSize']).toBe(10_485_760);
  const it = pushing({ partSize: 8 });
  it.world.setRegistry({ partSize: 64 });
  expect(it.call('InitiateLayerUpload')['partSize']).toBe(64);
});

test('a part that does not begin where the last one ended is refused, and told where that is', () => {
  const it = pushing();
  const id = it.begin();
  const bytes = layer.subarray(0, 8);
  const first = it.refusal('UploadLayerPart', part(id, 1, bytes));
  expect(first.code).toBe('InvalidLayerPartException');
  expect(first.fields).toEqual({ registryId: ACCOUNT, repositoryName: 'web', uploadId: id });
  it.call('UploadLayerPart', part(id, 0, bytes));
  for (const begins of [0, 7, 9]) {
    const refused = it.refusal('UploadLayerPart', part(id, begins, bytes));
    expect(refused.code).toBe('InvalidLayerPartException');
    expect(refused.message).toBe(`First byte of the layer part is ${begins} instead of 8`);
    expect(refused.fields).toMatchObject({ uploadId: id, lastValidByteReceived: 7 });
  }
  expect(it.call('UploadLayerPart', part(id, 8, bytes))).toMatchObject({ lastByteReceived: 15 });
});

test('a part of another length than it says is refused', () => {
  const it = pushing();
  const id = it.begin();
  it.call('UploadLayerPart', part(id, 0, layer.subarray(0, 8)));
  for (const partLastByte of [14, 16]) {
    const refused = it.refusal('UploadLayerPart', { ...part(id, 8, layer.subarray(8, 16)), partLastByte });
    expect(refused).toMatchObject({ code: 'InvalidLayerPartException', fields: { lastValidByteReceived: 7 } });
  }
  const nothing = { ...part(id, 8, Buffer.alloc(0)), partLastByte: 7 };
  expect(it.refusal('UploadLayerPart', nothing).code).toBe('InvalidLayerPartException');
});

test.each([
  ['half of 8 bytes', { partSize: 8 }, 4],
  ['5 MiB of 10', {}, 5 * 1_048_576],
  ['5 MiB of 20', { partSize: 20 * 1_048_576 }, 5 * 1_048_576],
])('only the last part may be smaller than %s', (_name, settings, least) => {
  const it = pushing(settings);
  const bytes = randomBytes(least * 2);
  const upload = (...sizes: number[]): { uploadId: string; layerDigests: string[] } => {
    const uploadId = it.begin();
    let first = 0;
    for (const size of sizes) {
      it.call('UploadLayerPart', part(uploadId, first, bytes.subarray(first, first + size)));
      first += size;
    }
    return { uploadId, layerDigests: [sha256(bytes.subarray(0, first))] };
  };
  const small = upload(least - 1, 1);
  expect(it.refusal('CompleteLayerUpload', small)).toMatchObject({
    code: 'LayerPartTooSmallException',
    message: `Layer parts must be at least ${least} bytes in size`,
  });
  it.call('CompleteLayerUpload', upload(least, 1));
});

test('the 4,201st part is too many', () => {
  const it = pushing({ partSize: 1 });
  const id = it.begin();
  const byte = Buffer.from('x');
  for (let first = 0; first < 4200; first += 1) it.call('UploadLayerPart', part(id, first, byte));
  expect(it.refusal('UploadLayerPart', part(id, 4200, byte)).code).toBe('LimitExceededException');
});

test('an upload is completed only by the digest of its bytes, only with bytes, and only once', () => {
  const it = pushing();
  const complete = (uploadId: string, ...layerDigests: string[]): string =>
    it.refusal('CompleteLayerUpload', { uploadId, layerDigests }).code;
  expect(complete(it.begin(), sha256(layer))).toBe('EmptyUploadException');
  const id = it.begin();
  const bytes = layer.subarray(0, 8);
  it.call('UploadLayerPart', part(id, 0, bytes));
  expect(complete(id, sha256(layer))).toBe('InvalidLayerException');
  expect(complete(id, sha256(bytes), sha256(layer))).toBe('InvalidLayerException');
  it.call('CompleteLayerUpload', { uploadId: id, layerDigests: [sha256(bytes)] });
  expect(complete(id, sha256(bytes))).toBe('UploadNotFoundException');
  const again = it.begin();
  it.call('UploadLayerPart', part(again, 0, bytes));
  expect(complete(again, sha256(bytes))).toBe('LayerAlreadyExistsException');
});

test('an upload is known in its repository alone, and for as long as the world lets it live', () => {
  const it = pushing({ partSize: 8, uploadLifetime: 60 });
  it.world.putRepository({ name: 'other' });
  const id = it.begin();
  const bytes = layer.subarray(0, 8);
  const elsewhere = { ...part(id, 0, bytes), repositoryName: 'other' };
  expect(it.refusal('UploadLayerPart', elsewhere).code).toBe('UploadNotFoundException');
  it.clock.advance(59_999);
  it.call('UploadLayerPart', part(id, 0, bytes));
  it.clock.advance(1);
  expect(it.refusal('UploadLayerPart', part(id, 8, bytes)).code).toBe('UploadNotFoundException');
  const late = { uploadId: id, layerDigests: [sha256(bytes)] };
  expect(it.refusal('CompleteLayerUpload', late).code).toBe('UploadNotFoundException');
  const day = pushing();
  const lasting = day.begin();
  day.clock.advance(24 * 3_600_000 - 1);
  day.call('UploadLayerPart', part(lasting, 0, bytes));
  day.clock.advance(1);
  expect(day.refusal('UploadLayerPart', part(lasting, 8, bytes)).code).toBe('UploadNotFoundException');
});

test('nothing is uploaded to a repository that is not there', () => {
  const it = pushing();
  for (const operation of ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage']) {
    const input = { repositoryName: 'none', ...part(it.begin(), 0, layer), layerDigests: [sha256(layer)] };
    expect(it.refusal(operation, input)).toMatchObject({
      code: 'RepositoryNotFoundException',
      message: `The repository with name 'none' does not exist in the registry with id '${ACCOUNT}'`,
    });
  }
});

test('the view tells the uploads under way, and how many bytes came for each layer in all', () => {
  const it = pushing();
  const [one, other] = [layer, Buffer.from('another layer of 24 byte')];
  const lost = it.begin();
  it.call('UploadLayerPart', part(lost, 0, one.subarray(0, 8)));
  it.refusal('UploadLayerPart', part(lost, 0, one.subarray(0, 8)));
  expect(it.world.ecrView('web')).toMatchObject({
    layers: [],
    uploads: [{ uploadId: lost, startedAt: '2026-01-01T00:00:00.000Z', parts: 1, size: 8, bytesReceived: 16 }],
    bytesReceived: 16,
  });
  it.clock.advance(24 * 3_600_000);
  it.refusal('UploadLayerPart', part(lost, 8, one.subarray(8, 16)));
  it.refusal('UploadLayerPart', part(it.begin(), 1, one.subarray(0, 8)));
  it.clock.advance(24 * 3_600_000);
  const digests = [it.push(one), it.push(other)];
  expect(it.world.ecrView('web')).toEqual({
    name: 'web',
    imageTagMutability: 'MUTABLE',
    images: [],
    layers: [
      { digest: digests[0], size: 21, bytesReceived: 37 },
      { digest: digests[1], size: 24, bytesReceived: 24 },
    ],
    uploads: [],
    bytesReceived: 24 + 8 + 21 + 24,
  });
});

test('a stale read does not know of the layer that came last', () => {
  const it = pushing();
  const first = it.push('the first layer');
  const second = it.push('the second layer');
  it.image({ os: 'linux' });
  const stale = it.world.before(2).ecr['BatchCheckLayerAvailability'];
  const layerDigests = [first, second];
  expect(stale?.({ repositoryName: 'web', layerDigests })['layers']).toMatchObject([
    { layerDigest: first, layerAvailability: 'AVAILABLE' },
    { layerDigest: second, layerAvailability: 'UNAVAILABLE' },
  ]);
});
