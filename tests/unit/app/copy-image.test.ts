import { copyImage, type CopyImageInput } from '../../../lib/app/copy-image.ts';
import type { CopyWait } from '../../../lib/domain/copy-wait.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';
import { memoryImageStore } from '../../support/memory-image-store.ts';
import { journalHolding } from '../../support/memory-journal.ts';
import { memoryAnnouncements, stoppedClock } from '../../support/memory-ports.ts';
import { memoryRegistry, type MemoryRegistry } from '../../support/memory-registry.ts';
import { copyRule, digest, found, record, registry as ecr } from '../../support/samples.ts';

const linux = { os: 'linux', architecture: 'amd64' };
const fresh: CopyWait = { unreachable: 0, unsigned: 0, total: 0, seconds: 1 };
const copy = { ...copyRule, from: { repository: 'acme/web/app', tag: 'v1' } };

const world = (change: Partial<DeploymentRecord> = {}) => {
  const registry = memoryRegistry();
  const image = registry.image({ layers: [registry.layer(Buffer.alloc(40, 'layer '))], platform: linux });
  const journal = journalHolding(record({ found, image: `${ecr}/acme/web:v1`, copy, ...change }));
  let left = 900_000;
  const ports = {
    registry,
    store: memoryImageStore('acme/web'),
    copies: memoryCopyJournal(),
    journal,
    announcements: memoryAnnouncements(),
    clock: stoppedClock(),
    remaining: () => left,
  };
  const input: CopyImageInput = { execution: 'web-1', deployment: 'web-1', digest: image.digest, wait: fresh };
  return { ...ports, image, input, ports, leave: (ms: number) => (left = ms) };
};

const down = (registry: MemoryRegistry): void => {
  registry.manifest = () => Promise.reject(new DeployFailure('RegistryUnavailable', 'the registry answered 503'));
};

test('brings the image to ECR under its own tag and the others', async () => {
  const { ports, input, store, image } = world({ copy: { ...copy, alsoTag: ['latest', 'v1'] } });
  const output = await copyImage(ports)(input);
  expect(output).toMatchObject({ done: true, because: 'the image is in ECR' });
  expect(output.moved).toBeGreaterThan(40);
  expect([...store.tags]).toEqual([
    ['v1', image.digest],
    ['latest', image.digest],
  ]);
});

test('says before it tags which tags it is about to write', async () => {
  const { ports, input, journal, store } = world();
  const seen: unknown[] = [];
  const { putManifest } = store;
  store.putManifest = async (repository, manifest, tag) => {
    if (tag !== undefined) seen.push(journal.records.get('web-1')?.tagging);
    return putManifest(repository, manifest, tag);
  };
  await copyImage(ports)(input);
  expect(seen).toEqual([{ tags: ['v1'] }]);
});

test('writes no tag once another execution holds the service', async () => {
  const { ports, input, store } = world();
  await expect(copyImage(ports)({ ...input, execution: 'web-0' })).rejects.toMatchObject({ name: 'LockLost' });
  expect(store.tags.size).toBe(0);
});

test('an image that has not what the service runs on is refused, and nothing copied', async () => {
  const arm = { ...found, platform: { os: 'linux', architecture: 'arm64' } };
  const { ports, input, store } = world({ found: arm });
  await expect(copyImage(ports)(input)).rejects.toMatchObject({ name: 'PlatformMissing' });
  expect(store.received).toBe(0);
});

test('takes the target’s largest size as GiB', async () => {
  const { ports, input, registry, image } = world({ copy: { ...copy, maxImageGib: 1 } });
  const layers = image.layers.map((layer) => ({ ...layer, size: 2 ** 30 }));
  registry.manifests.set(image.digest, { ...image, layers });
  await expect(copyImage(ports)(input)).rejects.toMatchObject({ name: 'ImageRefused' });
});

test('hands on when its time is used up, and goes on in the next invocation', async () => {
  const { ports, input, leave, image, store } = world();
  leave(59_000);
  const first = await copyImage(ports)(input);
  expect(first).toMatchObject({ done: false, wait: { ...fresh, total: 900, seconds: 1 } });
  leave(900_000);
  expect(await copyImage(ports)({ ...input, wait: { ...fresh, total: 900 } })).toMatchObject({ done: true });
  expect(store.tags.get('v1')).toBe(image.digest);
});

test('waits for a registry that does not answer, and says so', async () => {
  const { ports, input, registry } = world();
  down(registry);
  expect(await copyImage(ports)(input)).toMatchObject({
    done: false,
    because: 'the registry answered 503',
    wait: { unreachable: 15, seconds: 15 },
  });
});

test('gives up by its name after half an hour without a byte', async () => {
  const { ports, input, registry } = world();
  down(registry);
  const waited = { ...fresh, unreachable: 1_800, total: 1_800 };
  await expect(copyImage(ports)({ ...input, wait: waited })).rejects.toMatchObject({ name: 'RegistryUnavailable' });
});

test('waits for a signature that is required, and takes it when it is there', async () => {
  const { ports, input, registry, image, store } = world({ copy: { ...copy, signatures: 'required' } });
  expect(await copyImage(ports)(input)).toMatchObject({ done: false, wait: { unsigned: 15 } });
  expect(store.tags.size).toBe(0);
  const signature = registry.image({ layers: [registry.layer(Buffer.from('signed'))] });
  registry.tags.set(`${image.digest.replace(':', '-')}.sig`, signature.digest);
  expect(await copyImage(ports)(input)).toMatchObject({ done: true });
  expect(store.tags.get('v1')).toBe(image.digest);
});

test('names what it had to leave out', async () => {
  const { ports, input, registry, image, store } = world();
  const tag = `${image.digest.replace(':', '-')}.sig`;
  const signature = registry.image({ layers: [registry.layer(Buffer.from('signed'))] });
  registry.tags.set(tag, signature.digest);
  store.tags.set(tag, digest);
  expect(await copyImage(ports)(input)).toMatchObject({ done: true, because: expect.stringContaining(tag) as string });
});

test('a deployment with nothing to copy never comes here', async () => {
  const { ports, input } = world();
  ports.journal.records.set('web-1', record({ found, image: `${ecr}/acme/web:v1` }));
  await expect(copyImage(ports)(input)).rejects.toMatchObject({ name: 'Unexpected' });
});
