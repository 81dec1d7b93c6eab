import { randomBytes } from 'node:crypto';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { WireScene } from '../unit/fleet-wire/wire-scene.ts';
import { closeScenesAfterEach, openScene } from '../unit/fleet-wire/wire-scene.ts';
import { indexOf, manifestOf, OCI_INDEX, OCI_MANIFEST, sha256 } from '../unit/fleet/pushing.ts';

closeScenesAfterEach();

let it: WireScene;
let login: string;

beforeEach(async () => {
  it = await openScene({ realTime: () => 0 });
  await it.control.putRepository({ name: 'shop/web' });
  const ecr = new ECRClient({
    endpoint: it.fleet.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  ecr.destroy();
  login = authorizationData?.[0]?.authorizationToken ?? '';
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/** Asks under `/v2/`, or at the Location that an answer gave. */
const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Response> =>
  fetch(new URL(path, `${it.fleet.url}/v2/`), {
    method,
    headers: { authorization: `Basic ${login}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });

const location = (response: Response): string => response.headers.get('location') ?? '';

const withDigest = (place: string, digest: string): string =>
  `${place}${place.includes('?') ? '&' : '?'}digest=${digest}`;

const push = async (bytes: Buffer | string): Promise<string> => {
  const digest = sha256(bytes);
  const begun = await ask('shop/web/blobs/uploads/', { method: 'POST' });
  const { status } = await ask(withDigest(location(begun), digest), { method: 'PUT', body: bytes });
  expect([begun.status, status]).toEqual([202, 201]);
  return digest;
};

const put = (reference: string, body: string, type = OCI_MANIFEST): Promise<Response> =>
  ask(`shop/web/manifests/${reference}`, { method: 'PUT', headers: { 'content-type': type }, body });

test('who has no password is asked for one, and an invented one does not do', async () => {
  expect((await ask('')).status).toBe(200);
  for (const authorization of ['', 'Bearer x', `Basic ${Buffer.from('AWS:invented').toString('base64')}`]) {
    const refused = await ask('shop/web/tags/list', { headers: { authorization } });
    expect(refused.status).toBe(401);
    const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    expect(refused.headers.get('www-authenticate')).toBe(`Basic realm="https://${host}/",service="ecr.amazonaws.com"`);
  }
});

test('a pushed image is there for AWS’s API, and what that pushed for docker clients', async () => {
  const layer = randomBytes(100);
  await push('{}');
  await push(layer);
  const subject = { mediaType: OCI_MANIFEST, digest: sha256('subject'), size: 1 };
  const manifest = JSON.stringify({ ...manifestOf(['{}', '']), subject }).replaceAll(sha256(''), sha256(layer));
  const digest = sha256(manifest);
  const done = await put('v1', manifest);
  expect([done.status, done.headers.get('docker-content-digest'), done.headers.get('location')]).toEqual([
    201,
    digest,
    null,
  ]);
  const index = indexOf([{ digest }]);
  expect((await put('v2', index, OCI_INDEX)).status).toBe(201);
  expect(await it.control.ecrView('shop/web')).toMatchObject({
    images: [
      { digest, tags: ['v1'] },
      { digest: sha256(index), tags: ['v2'], mediaType: OCI_INDEX },
    ],
    layers: [{ size: 2 }, { size: 100 }],
    bytesReceived: 102,
  });
  const read = await ask('shop/web/manifests/v1', { headers: { accept: OCI_MANIFEST } });
  expect([read.headers.get('content-type'), await read.text()]).toEqual([OCI_MANIFEST, manifest]);
  expect(await (await ask('shop/web/tags/list')).json()).toEqual({ name: 'shop/web', tags: ['v1', 'v2'] });
  const referrers = await ask(`shop/web/referrers/${subject.digest}`);
  expect(await referrers.json()).toMatchObject({ manifests: [{ digest }] });
  const head = await ask(`shop/web/blobs/${sha256(layer)}`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '100']);
  const some = await ask(`shop/web/blobs/${sha256(layer)}`, { headers: { range: 'bytes=90-' } });
  expect([some.status, Buffer.from(await some.arrayBuffer())]).toEqual([206, layer.subarray(90)]);
});

test('chunks: 201 instead of 202, a Range that stays at the first one, and no state to ask for', async () => {
  const bytes = randomBytes(30);
  let at = location(await ask('shop/web/blobs/uploads/', { method: 'POST' }));
  const seen: unknown[] = [];
  for (const first of [0, 10, 20]) {
    const headers = { 'content-range': `${first}-${first + 9}` };
    const patched = await ask(at, { method: 'PATCH', headers, body: bytes.subarray(first, first + 10) });
    seen.push([patched.status, patched.headers.get('range')]);
    at = location(patched);
  }
  expect(seen).toEqual([
    [201, '0-9'],
    [201, '0-9'],
    [201, '0-9'],
  ]);
  expect((await ask(at)).status).toBe(404);
  const again = await ask(at, { method: 'PATCH', headers: { 'content-range': '10-19' }, body: bytes.subarray(10, 20) });
  expect([again.status, await again.json()]).toMatchObject([
    416,
    { errors: [{ code: 'BLOB_UPLOAD_INVALID', message: 'First byte of the layer part is 10 instead of 30' }] },
  ]);
  expect((await ask(withDigest(at, sha256(bytes)), { method: 'PUT' })).status).toBe(201);
});

test('blobs of another repository are not mounted: an upload begins instead', async () => {
  await it.control.putRepository({ name: 'shop/other' });
  const digest = await push('a layer');
  const asked = await ask(`shop/other/blobs/uploads/?mount=${digest}&from=shop/web`, { method: 'POST' });
  expect(asked.status).toBe(202);
  expect((await it.control.ecrView('shop/other')).layers).toEqual([]);
});

test('a push to a repository that is not there is cut off', async () => {
  await expect(ask('none/blobs/uploads/', { method: 'POST' })).rejects.toThrow('fetch failed');
  expect((await ask('none/tags/list')).status).toBe(404);
});

test('PutImage’s rules hold here, too', async () => {
  await it.control.putRepository({ name: 'shop/web', imageTagMutability: 'IMMUTABLE' });
  await push('{}');
  await push('{"b":1}');
  const [one, other] = [JSON.stringify(manifestOf(['{}'])), JSON.stringify(manifestOf(['{"b":1}']))];
  expect((await put('v1', one)).status).toBe(201);
  expect((await put(sha256(one), one)).status).toBe(201);
  const taken = await put('v1', other);
  expect([taken.status, await taken.json()]).toMatchObject([400, { errors: [{ code: 'TAG_INVALID' }] }]);
  const incomplete = await put('v2', JSON.stringify(manifestOf(['{}', 'a layer'])));
  expect(incomplete.status).toBe(400);
  const unnamed = await ask('shop/web/manifests/v1', { method: 'DELETE' });
  expect(unnamed.status).toBe(405);
  await it.control.setRegistry({ putImagesPerSecond: 1 });
  await put('v3', one);
  const hurried = await put('v4', one);
  expect([hurried.status, await hurried.json()]).toMatchObject([429, { errors: [{ code: 'TOOMANYREQUESTS' }] }]);
});
