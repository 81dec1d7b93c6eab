import { DeployFailure } from '../domain/failure.ts';
import type { PushedImage } from '../domain/feedback.ts';
import type { Descriptor } from '../domain/image-manifest.ts';
import { linuxVariant, revisionIn } from '../domain/image-revision.ts';
import type { Registry } from '../ports/registry.ts';

// It is held in memory; real ones have some KiB.
const maxConfig = 2 ** 20;

type Reads = Pick<Registry, 'manifest' | 'blob'>;

const configOf = async (registry: Reads, { repository, digest }: PushedImage): Promise<Descriptor | undefined> => {
  const root = await registry.manifest(repository, digest);
  if (root === undefined || root.config !== undefined) return root?.config;
  const variant = linuxVariant(root.manifests);
  return variant === undefined ? undefined : (await registry.manifest(repository, variant.digest))?.config;
};

const bytesOf = async (registry: Reads, repository: string, blob: Descriptor): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of registry.blob(repository, blob, 0)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const readRevision = async (registry: Reads, image: PushedImage): Promise<string | undefined> => {
  const config = await configOf(registry, image);
  if (config === undefined || config.size > maxConfig) return undefined;
  return revisionIn(await bytesOf(registry, image.repository, config));
};

/**
 * The commit that the image names as its own; undefined when it names none, or cannot be read. Raises RegistryUnavailable
 * when a later try may help.
 */
export const commitOfImage = async (registry: Reads, image: PushedImage): Promise<string | undefined> => {
  try {
    return await readRevision(registry, image);
  } catch (error) {
    const isUnreadable =
      error instanceof DeployFailure && ['RegistryRefused', 'ImageRefused', 'ImageMissing'].includes(error.name);
    if (isUnreadable) return undefined;
    throw error;
  }
};
