import type { Transfer, TransferPorts, TransferResult } from '../../../../lib/app/transfer/transfer.ts';
import { transferImage } from '../../../../lib/app/transfer-image.ts';
import type { Manifest } from '../../../../lib/domain/image-manifest.ts';
import { memoryCopyJournal, type MemoryCopyJournal } from '../../../support/memory-copy-journal.ts';
import { memoryImageStore, type MemoryImageStore } from '../../../support/memory-image-store.ts';
import { descriptorOf, memoryRegistry, type MemoryRegistry } from '../../../support/memory-registry.ts';

export const linux = { os: 'linux', architecture: 'amd64' };
export const arm = { os: 'linux', architecture: 'arm64' };

/** A registry, a store and a journal in memory, and what is transferred between them. */
export interface Scene {
  registry: MemoryRegistry;
  store: MemoryImageStore;
  journal: MemoryCopyJournal;
  /** ms that an invocation has left, asked again and again */
  remaining: () => number;
  /** what was in the store when `beforeTags` was called */
  tagsBefore: string[][];
  transfer: (root: Manifest, change?: Partial<Transfer>, ports?: Partial<TransferPorts>) => Promise<TransferResult>;
}

export const scene = (): Scene => {
  const [registry, store, journal] = [memoryRegistry(), memoryImageStore(), memoryCopyJournal()];
  const made: Scene = {
    ...{ registry, store, journal, remaining: () => 900_000, tagsBefore: [] },
    transfer: (root, change = {}, ports = {}) =>
      transferImage({ registry, store, journal, ...ports })(
        {
          copy: 'web-1',
          source: { repository: 'acme/web', digest: root.digest },
          destination: { repository: 'web', tags: ['v1'] },
          signatures: 'best-effort',
          maxBytes: 1_000_000,
          createRepository: false,
          ...change,
        },
        {
          remaining: () => made.remaining(),
          beforeTags: () => {
            made.tagsBefore.push([...store.tags.keys()]);
            return Promise.resolve();
          },
        },
      ),
  };
  return made;
};

/** Bytes that differ by their seed. */
export const bytes = (size: number, seed: number): Buffer => Buffer.alloc(size, `${seed}-`);

export const image = (
  { registry }: Scene,
  seed: number,
  sizes: readonly number[] = [40, 7],
  platform = linux,
): Manifest =>
  registry.image({ platform, layers: sizes.map((size, at) => registry.layer(bytes(size, 100 * seed + at))) });

/** An index of two platforms, with an attestation as BuildKit makes it. */
export const multiArch = (of: Scene): Manifest => {
  const attestation = image(of, 9, [5]);
  return of.registry.index([
    descriptorOf(image(of, 1), { platform: linux }),
    descriptorOf(image(of, 2), { platform: arm }),
    descriptorOf(attestation, { platform: { os: 'unknown', architecture: 'unknown' } }),
  ]);
};

/** Whether the store has all that the registry has, byte for byte. */
export const expectCopied = ({ registry, store }: Scene): void => {
  for (const [digest, content] of registry.blobs) expect(store.blobs.get(digest)).toEqual(content);
  for (const [digest, manifest] of registry.manifests)
    expect(store.manifests.get(digest)?.bytes).toEqual(manifest.bytes);
};

/** The requests to the store of that method, with what they named. */
export const askedOf = ({ store }: Scene, method: string): string[] =>
  store.asked.filter((line) => line.split(' ')[0] === method).map((line) => line.slice(method.length + 1));
