import { createHash } from 'node:crypto';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { manifestTypes, type Descriptor, type Manifest, type Platform } from '../../lib/domain/image-manifest.ts';
import type { Registry } from '../../lib/ports/registry.ts';

const [imageType, indexType] = manifestTypes;

export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface ImageParts {
  layers: readonly Descriptor[];
  platform?: Platform;
  /** the config's bytes, when it is to say more than the platform */
  config?: Buffer;
  subject?: Manifest;
  artifactType?: string;
}

/** GitLab's registry in memory, with one repository; images are pushed by its own methods, and may be changed or taken away. */
export interface MemoryRegistry extends Registry {
  blobs: Map<string, Buffer>;
  manifests: Map<string, Manifest>;
  tags: Map<string, string>;
  /** whether it has the referrers API */
  referrersApi: boolean;
  /** bytes of each chunk of a blob; the last may have fewer */
  chunk: number;
  /** what was asked for, as `<method> <reference>` */
  asked: string[];
  layer: (bytes: Buffer) => Descriptor;
  image: (parts: ImageParts) => Manifest;
  index: (children: readonly Descriptor[]) => Manifest;
}

/** A manifest as another names it. */
export const descriptorOf = (manifest: Manifest, more: Partial<Descriptor> = {}): Descriptor => ({
  mediaType: manifest.mediaType,
  digest: manifest.digest,
  size: manifest.bytes.length,
  ...more,
});

const manifestOf = (content: Omit<Manifest, 'bytes' | 'digest'>): Manifest => {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, ...content }));
  return { ...content, bytes, digest: digestOf(bytes) };
};

/** In the same memory over and over, as the real one's: who keeps a chunk without copying it has something else soon. */
async function* chunksOf(bytes: Buffer, from: number, size: number): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(size);
  for (let at = from; at < bytes.length; at += size)
    yield await Promise.resolve(memory.subarray(0, bytes.copy(memory, 0, at, at + size)));
}

const pushing = (kept: Pick<MemoryRegistry, 'blobs' | 'manifests'>, artifactTypes: Map<string, string>) => {
  const layer = (bytes: Buffer): Descriptor => {
    const digest = digestOf(bytes);
    kept.blobs.set(digest, bytes);
    return { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: bytes.length };
  };
  const pushed = (manifest: Manifest): Manifest => {
    kept.manifests.set(manifest.digest, manifest);
    return manifest;
  };
  const image = ({ layers, platform, subject, artifactType, config: bytes }: ImageParts): Manifest => {
    const config = layer(bytes ?? Buffer.from(JSON.stringify(platform ?? { empty: true })));
    const about = subject === undefined ? {} : { subject: descriptorOf(subject) };
    const manifest = manifestOf({ mediaType: imageType, manifests: [], config, layers, ...about });
    if (artifactType !== undefined) artifactTypes.set(manifest.digest, artifactType);
    return pushed(manifest);
  };
  const index = (manifests: readonly Descriptor[]) =>
    pushed(manifestOf({ mediaType: indexType, manifests, layers: [] }));
  return { layer, image, index };
};

export const memoryRegistry = (): MemoryRegistry => {
  const [blobs, manifests, tags] = [new Map<string, Buffer>(), new Map<string, Manifest>(), new Map<string, string>()];
  const artifactTypes = new Map<string, string>();
  const referrers = (subject: string): Descriptor[] =>
    [...manifests.values()]
      .filter((manifest) => manifest.subject?.digest === subject)
      .map((manifest) => descriptorOf(manifest, { artifactType: artifactTypes.get(manifest.digest) ?? 'unknown' }));
  const registry: MemoryRegistry = {
    ...{ blobs, manifests, tags, referrersApi: true, chunk: 5, asked: [] },
    ...pushing({ blobs, manifests }, artifactTypes),
    host: () => Promise.resolve('registry.example.com'),
    digestOf: (_repository, tag) => Promise.resolve(tags.get(tag)),
    manifest: (_repository, reference) => {
      registry.asked.push(`manifest ${reference}`);
      return Promise.resolve(manifests.get(tags.get(reference) ?? reference));
    },
    referrers: (_repository, digest) => {
      registry.asked.push(`referrers ${digest}`);
      return Promise.resolve(registry.referrersApi ? referrers(digest) : undefined);
    },
    blob: async function* (_repository, { digest }, from) {
      registry.asked.push(`blob ${digest} from ${from}`);
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw new DeployFailure('ImageMissing', 'the registry has no such blob');
      yield* chunksOf(bytes, from, registry.chunk);
    },
  };
  return registry;
};
