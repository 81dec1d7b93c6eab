import { cosignSignature, referrerOf } from '../../local/oci/attached-artifacts.ts';
import { buildImage } from '../../local/oci/build-image.ts';
import { sha256 } from '../../local/oci/manifest-document.ts';
import { pushImage } from '../../local/oci/push-image.ts';
import { v2ImageStore } from '../../local/oci/v2-image-store.ts';
import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { startOciRegistry, type OciRegistryUnderTest } from '../unit/oci/oci-registry.ts';

/** Images that are pushed over HTTP: by CI with a login, and into registries of either kind. */

const image = buildImage({
  seed: 'pushed',
  layers: [{ size: 300_000 }, { size: 100 }],
  platforms: [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ],
  attestations: true,
});

describe("to GitLab's registry, as a job does", () => {
  let double: Double;
  beforeEach(async () => {
    double = await startDouble();
  });
  afterEach(() => double.close());

  const store = async () => {
    const { username, token } = await double.control.createJobToken({ project: 4711 });
    return v2ImageStore({ url: `http://${double.registryHost}`, login: { username, password: token } });
  };

  test('everything is there, under its tag, its signature beside it', async () => {
    const pushed = await store();
    const attached = [cosignSignature(image.main), referrerOf(image.main)];
    await pushImage(pushed, { repository: 'acme/web', tag: 'v1' }, { image, attached });
    const digests = [image.main, ...image.children, ...attached.map(({ manifest }) => manifest)].map(
      ({ digest }) => digest,
    );
    const tags = ['v1', `${image.main.digest.replace(':', '-')}.sig`, 'none'];
    const stored = await pushed.stored('acme/web', { digests: [...digests, sha256('none')], tags });
    expect(stored.digests).toEqual(new Set(digests));
    expect(Object.fromEntries(stored.tags)).toEqual({ v1: digests[0], [tags[1] ?? '']: attached[0]?.manifest.digest });
    const named = image.blobs.map(({ digest }) => digest);
    expect(await pushed.available('acme/web', [...named, sha256('none')])).toEqual(new Set(named));
  });

  test('pushed again, no blob is sent again', async () => {
    const pushed = await store();
    await pushImage(pushed, { repository: 'acme/web', tag: 'v1' }, { image });
    const uploads = async () =>
      (await double.control.registryRequests()).filter(({ method, status }) => method === 'POST' && status === 202);
    const before = (await uploads()).length;
    expect(before).toBe(image.blobs.length);
    await pushImage(pushed, { repository: 'acme/web', tag: 'v2' }, { image });
    expect(await uploads()).toHaveLength(before);
  });

  test('the login is made anew when its time is over', async () => {
    const pushed = await store();
    await pushed.available('acme/web', [sha256('none')]);
    double.clock.advance(301_000);
    await pushImage(pushed, { repository: 'acme/web', tag: 'v1' }, { image });
  });

  test('a tag that is immutable and taken', async () => {
    const pushed = await store();
    await double.control.protectRegistryTag({ project: 4711, pattern: '.', immutable: true });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    await pushImage(pushed, { repository: 'acme/web' }, { image });
    expect(await pushed.putManifest('acme/web', image.main, 'v1')).toBe('tag taken');
  });

  test('a wrong login is an error', async () => {
    const login = { username: 'gitlab-ci-token', password: 'wrong' };
    const pushed = v2ImageStore({ url: `http://${double.registryHost}`, login });
    await expect(pushed.available('acme/web', [sha256('x')])).rejects.toThrow('login to the registry: 401');
  });
});

describe.each([
  ['by the specification', {}],
  ['like ECR', { patchStatus: 201, stuckRange: true, statusGet: false, referrersApi: false } as const],
])('to a registry %s', (_, quirks) => {
  let registry: OciRegistryUnderTest;
  beforeEach(async () => {
    registry = await startOciRegistry(quirks);
  });
  afterEach(() => {
    registry.close();
    expect(registry.defects).toEqual([]);
  });
  const bytes = Buffer.concat([...(image.blobs[0]?.bytes() ?? [])]);
  const digest = sha256(bytes);

  test('a blob in parts', async () => {
    const store = v2ImageStore({ url: registry.url });
    const upload = await store.startUpload('acme/web');
    const part = (first: number, end: number) =>
      store.uploadPart('acme/web', upload, { first, bytes: bytes.subarray(first, end) });
    expect(await part(0, 100_000)).toEqual({ state: 'taken' });
    expect(await part(100_000, 200_000)).toEqual({ state: 'taken' });
    // What had been taken before an answer got lost.
    expect(await part(100_000, 200_000)).toEqual({ state: 'expected', next: 200_000 });
    expect(await part(200_000, 300_000)).toEqual({ state: 'taken' });
    expect(await store.completeUpload('acme/web', upload, digest)).toBe('complete');
    expect(registry.content.blob('acme/web', digest)?.equals(bytes)).toBe(true);
    expect(await part(0, 1)).toEqual({ state: 'gone' });
    expect(await store.completeUpload('acme/web', upload, digest)).toBe('gone');
  });

  test('parts that are another blob', async () => {
    const store = v2ImageStore({ url: registry.url });
    const upload = await store.startUpload('acme/web');
    await store.uploadPart('acme/web', upload, { first: 0, bytes: bytes.subarray(1) });
    expect(await store.completeUpload('acme/web', upload, digest)).toBe('mismatch');
  });

  test('bytes that turn out to be wrong put nothing', async () => {
    const store = v2ImageStore({ url: registry.url });
    const doubted = async function* (): AsyncGenerator<Buffer> {
      yield await Promise.resolve(bytes);
      throw new Error('not the digest');
    };
    const blob = { mediaType: 'application/octet-stream', digest, size: bytes.length };
    await expect(store.putBlob('acme/web', { ...blob, size: blob.size + 1 }, doubted())).rejects.toThrow(
      'not the digest',
    );
    expect(registry.content.blob('acme/web', digest)).toBeUndefined();
  });

  test('a manifest before what it names', async () => {
    const store = v2ImageStore({ url: registry.url });
    expect(await store.putManifest('acme/web', image.main, 'v1')).toBe('incomplete');
  });
});
