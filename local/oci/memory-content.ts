import { isDigest, type RawManifest } from '../../lib/domain/image-manifest.ts';
import type { RegistryContent } from './registry-content.ts';

interface Repository {
  blobs: Map<string, Buffer>;
  manifests: Map<string, RawManifest>;
  tags: Map<string, string>;
}

const deleteFrom = ({ manifests, tags }: Repository, reference: string): boolean => {
  if (!isDigest(reference)) return tags.delete(reference);
  for (const [tag, named] of tags) if (named === reference) tags.delete(tag);
  return manifests.delete(reference);
};

const manifestIn = ({ manifests, tags }: Repository, reference: string): RawManifest | undefined =>
  manifests.get(isDigest(reference) ? reference : (tags.get(reference) ?? ''));

/** Content in memory. Repositories are made by the first push, where `allows` lets them be. */
export const memoryContent = (allows: (repository: string) => boolean = () => true): RegistryContent => {
  const repositories = new Map<string, Repository>();
  const named = (name: string): Repository =>
    repositories.get(name) ?? { blobs: new Map(), manifests: new Map(), tags: new Map() };
  const made = (name: string): Repository => repositories.set(name, named(name)).get(name) ?? named(name);
  return {
    hasRepository: allows,
    blob: (name, digest) => named(name).blobs.get(digest),
    putBlob: (name, digest, bytes) => {
      made(name).blobs.set(digest, bytes);
    },
    manifest: (name, reference) => manifestIn(named(name), reference),
    manifests: (name) => named(name).manifests.values(),
    putManifest: (name, manifest, tag) => {
      const { manifests, tags } = made(name);
      manifests.set(manifest.digest, manifest);
      if (tag !== undefined) tags.set(tag, manifest.digest);
    },
    deleteManifest: (name, reference) => deleteFrom(named(name), reference),
    tags: (name) => named(name).tags,
  };
};
