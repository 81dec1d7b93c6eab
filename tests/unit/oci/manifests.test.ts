import { OciError } from '../../../local/oci/oci-error.ts';
import { sha256 } from '../../../local/oci/manifest-document.ts';
import { errorCode, indexType, manifestType, startOciRegistry, type OciRegistryUnderTest } from './oci-registry.ts';

let registry: OciRegistryUnderTest;
beforeEach(async () => {
  registry = await startOciRegistry();
});
afterEach(() => {
  registry.close();
  expect(registry.defects).toEqual([]);
});

const config = Buffer.from('{"os":"linux","architecture":"arm64"}');
const configDescriptor = {
  mediaType: 'application/vnd.oci.image.config.v1+json',
  digest: sha256(config),
  size: config.length,
};

const image = (more: object = {}): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: configDescriptor, layers: [], ...more });

const put = (reference: string, body: string, type = manifestType) =>
  registry.call(`PUT /acme/web/manifests/${reference}`, { headers: { 'content-type': type }, body });

const get = (reference: string, accept = manifestType) =>
  registry.call(`GET /acme/web/manifests/${reference}`, { headers: { accept } });

const descriptorOf = (body: string) => ({
  mediaType: manifestType,
  digest: sha256(body),
  size: Buffer.byteLength(body),
});

describe('with its config pushed', () => {
  beforeEach(() => registry.putBlob('acme/web', config));

  test('a manifest comes back byte by byte, by tag and by digest', async () => {
    const body = `${image()}\n`;
    const answer = await put('v1', body);
    expect([answer.status, answer.headers.get('docker-content-digest')]).toEqual([201, sha256(body)]);
    for (const reference of ['v1', sha256(body)]) {
      const got = await get(reference);
      expect(got.bytes.toString()).toBe(body);
      expect(got.headers.get('content-type')).toBe(manifestType);
      expect(got.headers.get('docker-content-digest')).toBe(sha256(body));
    }
  });

  test.each(['', '*/*', indexType])('an Accept of %j does not get it', async (accept) => {
    await put('v1', image());
    expect((await get('v1', accept)).status).toBe(404);
  });

  test('a tag moves; what it named stays', async () => {
    await put('v1', image());
    await put('v1', image({ annotations: { a: 'b' } }));
    expect((await get('v1')).bytes.toString()).toBe(image({ annotations: { a: 'b' } }));
    expect((await get(sha256(image()))).status).toBe(200);
  });

  test('an index needs its children', async () => {
    const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [descriptorOf(image())] });
    const early = await put('all', index, indexType);
    expect([early.status, errorCode(early)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN']);
    await put(sha256(image()), image());
    expect((await put('all', index, indexType)).status).toBe(201);
  });

  test('a subject need not be there, and is confirmed', async () => {
    const signature = image({
      subject: descriptorOf('later'),
      artifactType: 'application/x.sig',
      annotations: { of: 'it' },
    });
    const answer = await put(sha256(signature), signature);
    expect(answer.headers.get('oci-subject')).toBe(sha256('later'));
    const listed = await registry.call(`GET /acme/web/referrers/${sha256('later')}`);
    expect(JSON.parse(listed.bytes.toString())).toEqual({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ ...descriptorOf(signature), artifactType: 'application/x.sig', annotations: { of: 'it' } }],
    });
    const others = await registry.call(`GET /acme/web/referrers/${sha256('later')}?artifactType=application/x.sbom`);
    expect(JSON.parse(others.bytes.toString())).toMatchObject({ manifests: [] });
    expect(others.headers.get('oci-filters-applied')).toBe('artifactType');
  });

  test('without a referrers API nobody confirms a subject', async () => {
    registry.quirks.referrersApi = false;
    const signature = image({ subject: descriptorOf('later') });
    expect((await put(sha256(signature), signature)).headers.get('oci-subject')).toBeNull();
    expect((await registry.call(`GET /acme/web/referrers/${sha256('later')}`)).status).toBe(404);
  });

  test('tags, in pages', async () => {
    for (const tag of ['c', 'a', 'b']) await put(tag, image());
    const page = await registry.call('GET /acme/web/tags/list?n=2');
    expect(JSON.parse(page.bytes.toString())).toEqual({ name: 'acme/web', tags: ['a', 'b'] });
    expect(page.headers.get('link')).toBe('</v2/acme/web/tags/list?n=2&last=b>; rel="next"');
    const last = await registry.call('GET /acme/web/tags/list?n=2&last=b');
    expect(JSON.parse(last.bytes.toString())).toEqual({ name: 'acme/web', tags: ['c'] });
    expect(last.headers.get('link')).toBeNull();
  });

  test('deleted by tag it stays by digest; by digest its tags go with it', async () => {
    await put('v1', image());
    await put('v2', image());
    expect((await registry.call('DELETE /acme/web/manifests/v1')).status).toBe(202);
    expect([(await get('v1')).status, (await get('v2')).status]).toEqual([404, 200]);
    await registry.call(`DELETE /acme/web/manifests/${sha256(image())}`);
    expect([(await get('v2')).status, (await get(sha256(image()))).status]).toEqual([404, 404]);
    expect((await registry.call('DELETE /acme/web/manifests/v2')).status).toBe(404);
  });

  test.each([
    ['a wrong digest', sha256('x'), image(), manifestType, 'DIGEST_INVALID'],
    ['no tag', '-v1', image(), manifestType, 'TAG_INVALID'],
    ['a media type unlike its own', 'v1', image(), indexType, 'MANIFEST_INVALID'],
    ['a media type of nothing', 'v1', image(), 'application/json', 'MANIFEST_INVALID'],
    ['no JSON', 'v1', 'no JSON', manifestType, 'MANIFEST_INVALID'],
    ['an old schema', 'v1', image({ schemaVersion: 1 }), manifestType, 'MANIFEST_INVALID'],
    ['an unknown layer', 'v1', image({ layers: [descriptorOf('x')] }), manifestType, 'MANIFEST_BLOB_UNKNOWN'],
    ['over 4 MiB', 'v1', image({ annotations: { a: 'x'.repeat(4 << 20) } }), manifestType, 'SIZE_INVALID'],
  ])('%s is refused', async (_, reference, body, type, code) => {
    expect(errorCode(await put(reference, body, type))).toBe(code);
  });

  test('a foreign layer need not be there', async () => {
    const foreign = { ...descriptorOf('x'), urls: ['https://elsewhere.example/x'] };
    expect((await put('v1', image({ layers: [foreign] }))).status).toBe(201);
  });
});

test('what happened is told: what was pushed, mounted, pulled, deleted', async () => {
  const digest = await registry.putBlob('acme/web', config);
  await registry.call(`POST /acme/other/blobs/uploads/?mount=${digest}&from=acme/web`);
  await put('v1', image());
  await get('v1');
  await registry.call(`DELETE /acme/web/manifests/${sha256(image())}`);
  const blob = { mediaType: 'application/octet-stream', digest, size: config.length };
  const manifest = { repository: 'acme/web', ...descriptorOf(image()), tag: 'v1' };
  expect(registry.happenings).toEqual([
    { action: 'push', repository: 'acme/web', ...blob },
    { action: 'mount', repository: 'acme/other', from: 'acme/web', ...blob },
    { action: 'push', ...manifest },
    { action: 'pull', ...manifest },
    { action: 'delete', repository: 'acme/web', digest: sha256(image()) },
    { action: 'delete', repository: 'acme/web', tag: 'v1' },
  ]);
});

test('whoever may not is refused in the words of the registry, for the right that was needed', async () => {
  const asked: unknown[] = [];
  registry.quirks.authenticate = (_, scope) => {
    asked.push(scope);
    const headers = { 'WWW-Authenticate': 'Bearer realm="r"' };
    return new OciError({ status: 401, code: 'UNAUTHORIZED', message: 'authentication required', headers });
  };
  const answer = await registry.call('GET /');
  expect([answer.status, errorCode(answer)]).toEqual([401, 'UNAUTHORIZED']);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="r"');
  await get('v1');
  await put('v1', image());
  await registry.call('DELETE /acme/web/manifests/v1');
  const actions = ['pull', 'push', 'delete'];
  expect(asked).toEqual([undefined, ...actions.map((action) => ({ repository: 'acme/web', action }))]);
});
