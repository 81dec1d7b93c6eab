import type { RawManifest } from '../../lib/domain/image-manifest.ts';

/**
 * What a registry holds, behind the routes of /v2. Names, digests and what manifests name have been checked when a
 * method is called; a method may raise OciError to refuse in the registry's own words.
 */
export interface RegistryContent {
  /** Whether there is such a repository; true where repositories are made by pushing to them. */
  hasRepository(repository: string): boolean;
  blob(repository: string, digest: string): Buffer | undefined;
  putBlob(repository: string, digest: string, bytes: Buffer): void;
  /** By digest or tag. */
  manifest(repository: string, reference: string): RawManifest | undefined;
  /** Every manifest of the repository, tagged or not. */
  manifests(repository: string): Iterable<RawManifest>;
  putManifest(repository: string, manifest: RawManifest, tag?: string): void;
  /** A digest goes with all its tags, a tag alone. False when it was not there. */
  deleteManifest(repository: string, reference: string): boolean;
  /** Tag → digest. */
  tags(repository: string): ReadonlyMap<string, string>;
}
