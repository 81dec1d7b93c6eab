import type { ImageSeed } from '../seeds.ts';
import { MANIFEST_TYPE, digestOf, seededManifest } from './seeded-manifest.ts';
import { readManifest } from './read-manifest.ts';
import type { Image, Repository } from './repository.ts';
import { moveTag } from './repository.ts';

/** Puts the image in with layers that have no bytes, moves its tag to it, and sets what it does. Tells its digest. */
export const putSeededImage = (repository: Repository, seed: ImageSeed, at: Date): Image => {
  const { manifest, blobs } = seededManifest(seed);
  const digest = seed.digest ?? digestOf(manifest);
  const image: Image = repository.images.get(digest) ?? {
    digest,
    tags: new Set(),
    manifest,
    mediaType: MANIFEST_TYPE,
    parts: readManifest(manifest),
    pushedAt: at,
    platform: undefined,
    behaviour: seed.behaviour,
  };
  image.behaviour = seed.behaviour;
  repository.images.set(digest, image);
  for (const { digest: blob, size } of blobs) {
    if (!repository.layers.has(blob)) repository.layers.set(blob, { digest: blob, size, content: undefined });
  }
  if (seed.tag !== undefined) moveTag(repository, seed.tag, image);
  return image;
};
