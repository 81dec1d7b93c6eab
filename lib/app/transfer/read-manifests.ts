import { DeployFailure } from '../../domain/failure.ts';
import {
  childrenToRead,
  include,
  refuseOther,
  refuseTooMuch,
  type ImageCollection,
} from '../../domain/image-collection.ts';
import type { Descriptor, Manifest } from '../../domain/image-manifest.ts';
import { stopWhenLate, type Run } from './run.ts';
import { sideBySide } from '../side-by-side.ts';

const manifestsAtOnce = 6;

/** A manifest by digest. Raises ImageMissing. */
export const readManifest = async (run: Run, digest: string): Promise<Manifest> => {
  stopWhenLate(run);
  const { repository } = run.transfer.source;
  const manifest = await run.registry.manifest(repository, digest);
  if (manifest !== undefined) return manifest;
  throw new DeployFailure('ImageMissing', 'the registry has no such manifest (any more)', {
    facts: { repository, digest },
  });
};

/** One that another names. Raises ImageMissing, ImageRefused. */
export const readChild = async (run: Run, child: Descriptor): Promise<Manifest> => {
  const manifest = await readManifest(run, child.digest);
  refuseOther(child, manifest);
  return manifest;
};

/** Takes the manifest and all below it into the collection. Raises ImageMissing, ImageRefused, LayerTooLarge. */
export const readBelow = async (run: Run, collection: ImageCollection, root: Manifest): Promise<void> => {
  let level: readonly Manifest[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    for (const manifest of level) include(collection, manifest);
    const children = childrenToRead(collection, level, depth);
    refuseTooMuch(collection, run.transfer.maxBytes, children.length);
    level = await sideBySide(children, manifestsAtOnce, (child) => readChild(run, child));
  }
};
