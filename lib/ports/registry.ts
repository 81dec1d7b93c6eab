import type { Descriptor, Manifest } from '../domain/image-manifest.ts';

/**
 * GitLab's container registry, read only. Every method raises RegistryUnavailable when a later try may help,
 * RegistryRefused when none will, and ImageRefused when what it sent is not what it said.
 */
export interface Registry {
  /** The host that images of it are named by, as ops configured it: `registry.gitlab.com`. */
  host: () => Promise<string>;
  /** The digest that the tag names now; undefined when there is no such image. */
  digestOf: (repository: string, tag: string) => Promise<string | undefined>;
  /** A manifest by digest or tag, its bytes held against the digest; undefined when there is none. */
  manifest: (repository: string, reference: string) => Promise<Manifest | undefined>;
  /** What names this digest as its subject; undefined when the registry has no referrers API. */
  referrers: (repository: string, digest: string) => Promise<readonly Descriptor[] | undefined>;
  /**
   * A blob's bytes from byte `from` on, across broken connections, never more than its descriptor's size.
   * A chunk's memory is used again for the next one: what is to be kept of it is copied.
   * Raises ImageMissing when it is gone.
   */
  blob: (repository: string, blob: Descriptor, from: number) => AsyncIterable<Buffer>;
}
