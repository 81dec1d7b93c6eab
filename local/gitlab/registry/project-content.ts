import { memoryContent } from '../../oci/memory-content.ts';
import { OciError } from '../../oci/oci-error.ts';
import type { RegistryContent } from '../../oci/registry-content.ts';
import type { GitlabWorld } from '../world.ts';
import { projectOfRepository } from './registry-users.ts';

export interface ProjectContent extends RegistryContent {
  /** a blob of any repository: object storage knows no others */
  stored: (digest: string) => Buffer | undefined;
}

/** RE2 patterns, matched anywhere in the tag. https://docs.gitlab.com/user/packages/container_registry/protected_container_tags/ */
const isImmutable = (world: GitlabWorld, repository: string, tag: string): boolean =>
  projectOfRepository(world, repository)?.registryTagRules.some(
    ({ pattern, immutable }) => immutable && new RegExp(pattern).test(tag),
  ) ?? false;

/** What the projects' registries hold. A tag that a rule makes immutable is made once, and neither moved nor deleted. */
export const projectContent = (world: GitlabWorld): ProjectContent => {
  const content = memoryContent((repository) => projectOfRepository(world, repository) !== undefined);
  const blobs = new Map<string, Buffer>();
  const keep = (repository: string, tag: string): void => {
    if (!content.tags(repository).has(tag) || !isImmutable(world, repository, tag)) return;
    throw new OciError({ status: 403, code: 'DENIED', message: `requested access to the resource is denied: ${tag}` });
  };
  return {
    ...content,
    putBlob: (repository, digest, bytes) => {
      blobs.set(digest, bytes);
      content.putBlob(repository, digest, bytes);
    },
    putManifest: (repository, manifest, tag) => {
      if (tag !== undefined && content.tags(repository).get(tag) !== manifest.digest) keep(repository, tag);
      content.putManifest(repository, manifest, tag);
    },
    deleteManifest: (repository, reference) => {
      keep(repository, reference);
      return content.deleteManifest(repository, reference);
    },
    stored: (digest) => blobs.get(digest),
  };
};
