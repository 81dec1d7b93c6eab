import type { Descriptor } from './image-manifest.ts';

// https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
const label = 'org.opencontainers.image.revision';

/** The variant whose config is read: the first that runs on Linux. What signs or attests says `unknown`. */
export const linuxVariant = (children: readonly Descriptor[]): Descriptor | undefined =>
  children.find(({ platform }) => platform?.os === 'linux');

/**
 * The commit that an image's config says it was built from, in full; undefined when it names none. The image's author wrote
 * it: GitLab is asked whether it is one of the project's.
 */
export const revisionIn = (config: Buffer): string | undefined => {
  try {
    const { config: inner } = JSON.parse(config.toString()) as { config?: { Labels?: Record<string, unknown> } };
    const revision = inner?.Labels?.[label];
    return typeof revision === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision) ? revision : undefined;
  } catch {
    return undefined;
  }
};
