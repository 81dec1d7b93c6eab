import { isDigest, type RawManifest } from '../../lib/domain/image-manifest.ts';
import type { RegistryContent } from './registry-content.ts';

interface Repository {
  blobs: Map<string, Buffer>;
  manifests: Map<string, RawManifest>;
  tags: Map<string, string>;
}

/** Content in memory. Repositories are made by the first push, where `allows` lets them be. */
export const memoryContent = (allows: (repository: string) => boolean = () => true): RegistryContent => {
  const repositories = new Map<string, Repository>();

  const made = (name: string): Repository => {
    const repository = repositories.get(name) ?? { blobs: new Map(), manifests: new Map(), tags: new Map() };
    repositories.set(name, repository);
    return repository;
  };
  const digestOf = (name: string, reference: string): string | undefined =>
    isDigest(reference) ? reference : repositories.get(name)?.tags.get(reference);

  const deleteDigest = ({ manifests, tags }: Repository, digest: string): boolean => {
    for (const [tag, named] of tags) if (named === digest) tags.delete(tag);
    return manifests.delete(digest);
  };

  return {
    hasRepository: allows,
    blob: (name, digest) => repositories.get(name)?.blobs.get(digest),
    putBlob: (name, digest, bytes) => {
      made(name).blobs.set(digest, bytes);
    },
    manifest: (name, reference) => repositories.get(name)?.manifests.get(digestOf(name, reference) ?? ''),
    manifests: (name) => repositories.get(name)?.manifests.values() ?? [],
    putManifest: (name, manifest, tag) => {
      const { manifests, tags } = made(name);
      manifests.set(manifest.digest, manifest);
      if (tag !== undefined) tags.set(tag, manifest.digest);
    },
    deleteManifest: (name, reference) => {
      const repository = repositories.get(name);
      if (repository === undefined) return false;
      return isDigest(reference) ? deleteDigest(repository, reference) : repository.tags.delete(reference);
    },
    tags: (name) => repositories.get(name)?.tags ?? new Map(),
  };
};
