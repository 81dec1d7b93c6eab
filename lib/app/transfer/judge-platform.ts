import { isIndex, refused } from '../../domain/image-collection.ts';
import type { Descriptor, Manifest, Platform } from '../../domain/image-manifest.ts';
import { mustRunOn, platformIn, platformsOf } from '../../domain/image-platform.ts';
import { blobBytes } from './blob-bytes.ts';
import { readChild } from './read-manifests.ts';
import type { Run } from './run.ts';

// It is held in memory; real ones have some KiB.
const maxConfig = 4 * 2 ** 20;

const platformOf = async (run: Run, config: Descriptor): Promise<Platform | undefined> => {
  if (config.size > maxConfig)
    throw refused('the config of the image is too large', { bytes: config.size, limit: maxConfig });
  const chunks: Buffer[] = [];
  for await (const chunk of blobBytes(run, config, { from: 0, halted: run.late })) chunks.push(Buffer.from(chunk));
  return platformIn(Buffer.concat(chunks));
};

const platforms = async (run: Run, root: Manifest): Promise<readonly Platform[]> => {
  if (root.config !== undefined) {
    const platform = await platformOf(run, root.config);
    return platform === undefined ? [] : [platform];
  }
  const inner: Platform[] = [];
  for (const child of root.manifests.filter(({ mediaType }) => isIndex(mediaType)))
    inner.push(...platformsOf((await readChild(run, child)).manifests));
  return [...platformsOf(root.manifests), ...inner];
};

/** Raises PlatformMissing when the image cannot run where it must; ImageMissing, ImageRefused. */
export const judgePlatform = async (run: Run, root: Manifest): Promise<void> => {
  const needed = run.transfer.platform;
  if (needed !== undefined) mustRunOn(needed, await platforms(run, root));
};
