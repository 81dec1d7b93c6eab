import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { sha256 } from '../../../local/oci/manifest-document.ts';
import { errorCode, startOciRegistry, type OciRegistryUnderTest } from './oci-registry.ts';

let registry: OciRegistryUnderTest;
beforeEach(async () => {
  registry = await startOciRegistry();
});
afterEach(() => {
  registry.close();
  expect(registry.defects).toEqual([]);
});

const bytes = randomBytes(100_000);
const digest = sha256(bytes);
const blobOf = async () => (await registry.call(`GET /acme/web/blobs/${digest}`)).bytes;

test('GET /v2/ says which API this is', async () => {
  const answer = await registry.call('GET /');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
});

describe('a blob that is there', () => {
  beforeEach(() => registry.putBlob('acme/web', bytes));

  test('whole, and its size and digest without it', async () => {
    expect((await blobOf()).equals(bytes)).toBe(true);
    const head = await registry.call(`HEAD /acme/web/blobs/${digest}`);
    expect(head.headers.get('content-length')).toBe('100000');
    expect(head.headers.get('docker-content-digest')).toBe(digest);
  });

  test.each([
    ['bytes=99990-', 'bytes 99990-99999/100000', 99_990, 100_000],
    ['bytes=5-9', 'bytes 5-9/100000', 5, 10],
    ['bytes=99990-200000', 'bytes 99990-99999/100000', 99_990, 100_000],
  ])('by %s', async (range, contentRange, start, end) => {
    const answer = await registry.call(`GET /acme/web/blobs/${digest}`, { headers: { range } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.bytes.equals(bytes.subarray(start, end))).toBe(true);
  });

  test('from behind its end: 416', async () => {
    const answer = await registry.call(`GET /acme/web/blobs/${digest}`, { headers: { range: 'bytes=100000-' } });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe('bytes */100000');
  });

  test('elsewhere, when the registry has object storage', async () => {
    registry.quirks.blobRedirect = (named, method) => `http://storage.example/${named}?for=${method}`;
    const answer = await registry.call(`GET /acme/web/blobs/${digest}`);
    expect(answer.status).toBe(307);
    expect(answer.headers.get('location')).toBe(`http://storage.example/${digest}?for=GET`);
  });

  test('not in another repository, until it is mounted there', async () => {
    expect((await registry.call(`HEAD /acme/other/blobs/${digest}`)).status).toBe(404);
    const mount = `POST /acme/other/blobs/uploads/?mount=${digest}&from=acme/web`;
    expect((await registry.call(mount)).status).toBe(201);
    expect((await registry.call(`HEAD /acme/other/blobs/${digest}`)).status).toBe(200);
  });
});

test('a mount of what is not there starts an upload', async () => {
  const answer = await registry.call(`POST /acme/other/blobs/uploads/?mount=${digest}&from=acme/web`);
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toMatch(/\/v2\/acme\/other\/blobs\/uploads\/[0-9a-f-]{36}\?_state=/);
});

test('a blob in the one POST', async () => {
  const answer = await registry.call(`POST /acme/web/blobs/uploads/?digest=${digest}`, { body: bytes });
  expect(answer.status).toBe(201);
  expect((await blobOf()).equals(bytes)).toBe(true);
});

describe('an upload by chunks', () => {
  const patch = (location: string, first: number, end: number) =>
    registry.call(`PATCH ${location}`, {
      headers: { 'content-range': `${first}-${end - 1}`, 'content-type': 'application/octet-stream' },
      body: bytes.subarray(first, end),
    });

  test('each answer has the next Location and how far it has come', async () => {
    const first = await patch(await registry.startUpload('acme/web'), 0, 40_000);
    expect(first.status).toBe(202);
    expect(first.headers.get('range')).toBe('0-39999');
    const second = await patch(first.headers.get('location') ?? '', 40_000, 100_000);
    expect(second.headers.get('range')).toBe('0-99999');
    const location = second.headers.get('location') ?? '';
    expect((await registry.call(`GET ${location}`)).headers.get('range')).toBe('0-99999');
    expect((await registry.call(`PUT ${location}&digest=${digest}`)).status).toBe(201);
    expect((await blobOf()).equals(bytes)).toBe(true);
  });

  test('out of order: 416, and where to go on', async () => {
    const first = await patch(await registry.startUpload('acme/web'), 0, 40_000);
    const answer = await patch(first.headers.get('location') ?? '', 50_000, 60_000);
    expect(answer.status).toBe(416);
    expect(answer.headers.get('range')).toBe('0-39999');
    expect(answer.bytes.toString()).toContain('First byte of the layer part is 50000 instead of 40000');
  });

  test('by the Location before the last: 404', async () => {
    const location = await registry.startUpload('acme/web');
    await patch(location, 0, 40_000);
    const answer = await patch(location, 40_000, 50_000);
    expect([answer.status, errorCode(answer)]).toEqual([404, 'BLOB_UPLOAD_INVALID']);
  });

  test("ECR's ways: 201, a Range that is stuck, no state", async () => {
    Object.assign(registry.quirks, { patchStatus: 201, stuckRange: true, statusGet: false });
    const first = await patch(await registry.startUpload('acme/web'), 0, 40_000);
    const second = await patch(first.headers.get('location') ?? '', 40_000, 100_000);
    expect([second.status, second.headers.get('range')]).toEqual([201, '0-39999']);
    expect((await registry.call(`GET ${second.headers.get('location') ?? ''}`)).status).toBe(404);
  });

  test('cancelled, it is gone', async () => {
    const location = await registry.startUpload('acme/web');
    expect((await registry.call(`DELETE ${location}`)).status).toBe(204);
    expect((await patch(location, 0, 1)).status).toBe(404);
  });

  test('what came before the connection broke is kept', async () => {
    const location = await registry.startUpload('acme/web');
    const broken = request(location, { method: 'PATCH', headers: { 'content-length': 100_000 } });
    const failed = new Promise((resolve) => broken.on('error', resolve));
    broken.write(bytes.subarray(0, 40_000), () => broken.destroy(new Error('cut')));
    await failed;
    // The bytes are under way: asked until the registry says that they have arrived.
    let range: string | null = null;
    for (let asked = 0; asked < 500 && range !== '0-39999'; asked += 1) {
      range = (await registry.call(`GET ${location}`)).headers.get('range');
    }
    expect(range).toBe('0-39999');
  });
});

test('bytes with another digest are refused, and the upload is over', async () => {
  const location = await registry.startUpload('acme/web');
  const answer = await registry.call(`PUT ${location}&digest=${digest}`, { body: bytes.subarray(1) });
  expect([answer.status, errorCode(answer)]).toEqual([400, 'DIGEST_INVALID']);
  expect((await registry.call(`PUT ${location}&digest=${digest}`, { body: bytes })).status).toBe(404);
  expect((await registry.call(`HEAD /acme/web/blobs/${digest}`)).status).toBe(404);
});

test('a repository that is not there: an error, or for pushes a cut connection', async () => {
  const answer = await registry.call('POST /missing/web/blobs/uploads/');
  expect([answer.status, errorCode(answer)]).toEqual([404, 'NAME_UNKNOWN']);
  registry.quirks.missingRepository = 'cut';
  await expect(registry.call('POST /missing/web/blobs/uploads/')).rejects.toThrow('fetch failed');
  expect((await registry.call(`HEAD /missing/web/blobs/${digest}`)).status).toBe(404);
});

test.each([
  ['GET /acme//web/tags/list', 400],
  ['GET /Acme/tags/list', 400],
  ['PATCH /acme/web/tags/list', 405],
  ['GET /acme/web/nothing', 404],
])('%s: %d', async (what, status) => {
  expect((await registry.call(what)).status).toBe(status);
});
