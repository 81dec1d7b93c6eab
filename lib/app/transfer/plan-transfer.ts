import { DeployFailure } from '../../domain/failure.ts';
import { childrenFirst, emptyCollection, type ImageCollection } from '../../domain/image-collection.ts';
import type { Manifest } from '../../domain/image-manifest.ts';
import type { Stored } from '../../ports/image-store.ts';
import { findAttachments, type Attachment } from './find-attachments.ts';
import { judgePlatform } from './judge-platform.ts';
import { readBelow, readManifest } from './read-manifests.ts';
import type { Run } from './run.ts';
import { sideBySide } from '../side-by-side.ts';

/** What is put together: in its order, what names the others last. */
export interface Bundle {
  manifests: readonly Manifest[];
  /** of the last one */
  tag?: string;
}

/** All that is to be done, with everything read but the blobs. Nothing is written yet. */
export interface TransferPlan {
  root: Manifest;
  collection: ImageCollection;
  /** the image itself; without manifests when it is there, for ECR keeps what a manifest names */
  image: Bundle;
  attachments: readonly Bundle[];
  signed: boolean;
  /** tags and digests of attachments that cannot be had */
  leftOut: readonly string[];
  stored: Stored;
  repositoryMissing: boolean;
}

type Ground = Pick<TransferPlan, 'stored' | 'repositoryMissing'>;

const attachmentsAtOnce = 6;

const nothing: Stored = { digests: new Set(), tags: new Map() };

/** Raises RepositoryMissing unless the repository may be made. */
const lookAtStore = async (run: Run, digests: readonly string[], tags: readonly string[]): Promise<Ground> => {
  const { destination, createRepository } = run.transfer;
  try {
    const stored = await run.store.stored(destination.repository, { digests, tags });
    return { stored, repositoryMissing: false };
  } catch (error) {
    const missing = error instanceof DeployFailure && error.name === 'RepositoryMissing';
    if (missing && createRepository) return { stored: nothing, repositoryMissing: true };
    throw error;
  }
};

/** Undefined when it is gone and the image may do without. */
const bundleOf = async (
  run: Run,
  collection: ImageCollection,
  { tag, read }: Attachment,
): Promise<Bundle | undefined> => {
  try {
    const manifest = await read();
    await readBelow(run, collection, manifest);
    const manifests = childrenFirst(collection, manifest.digest);
    return { manifests, ...(tag === undefined ? {} : { tag }) };
  } catch (error) {
    const missing = error instanceof DeployFailure && error.name === 'ImageMissing';
    if (missing && run.transfer.signatures === 'best-effort') return undefined;
    throw error;
  }
};

/** Those by tag after the others, whose manifests the list among them names too. */
const bundlesOf = async (run: Run, collection: ImageCollection, attachments: readonly Attachment[]) => {
  const bundles = new Map<Attachment, Bundle | undefined>();
  const add = async (attachment: Attachment): Promise<void> => {
    bundles.set(attachment, await bundleOf(run, collection, attachment));
  };
  await sideBySide(
    attachments.filter(({ tag }) => tag === undefined),
    attachmentsAtOnce,
    add,
  );
  for (const attachment of attachments.filter(({ tag }) => tag !== undefined)) await add(attachment);
  return {
    bundles: attachments.flatMap((attachment) => bundles.get(attachment) ?? []),
    gone: attachments
      .filter((attachment) => bundles.get(attachment) === undefined)
      .map(({ tag, digest }) => tag ?? digest),
  };
};

/** The image's manifests, and which of them are there. */
const planImage = async (run: Run, collection: ImageCollection, root: Manifest) => {
  await readBelow(run, collection, root);
  const manifests = childrenFirst(collection, root.digest);
  const children = manifests.filter((manifest) => manifest !== root).map(({ digest }) => digest);
  const { stored } = children.length === 0 ? { stored: nothing } : await lookAtStore(run, children, []);
  return { image: { manifests }, stored: stored.digests };
};

const isThere = ({ digests, tags }: Stored, { digest, tag }: Attachment): boolean =>
  digests.has(digest) && (tag === undefined || tags.get(tag) === digest);

/**
 * Reads what there is and what is there already. Raises ImageMissing, ImageRefused, LayerTooLarge, PlatformMissing,
 * RepositoryMissing.
 */
export const planTransfer = async (run: Run): Promise<TransferPlan> => {
  const root = await readManifest(run, run.transfer.source.digest);
  await judgePlatform(run, root);
  const { found, signed, odd } = await findAttachments(run);
  const digests = [root, ...found].map(({ digest }) => digest);
  const tags = [...run.transfer.destination.tags, ...found.flatMap(({ tag }) => tag ?? [])];
  const { stored, repositoryMissing } = await lookAtStore(run, digests, tags);
  const collection = emptyCollection();
  const there = stored.digests.has(root.digest);
  const planned = there ? { image: { manifests: [] }, stored: [] } : await planImage(run, collection, root);
  const absent = found.filter((attachment) => !isThere(stored, attachment));
  const { bundles, gone } = await bundlesOf(run, collection, absent);
  return {
    ...{ root, collection, signed, repositoryMissing },
    image: planned.image,
    attachments: bundles,
    leftOut: [...odd, ...gone],
    stored: { digests: new Set([...stored.digests, ...planned.stored]), tags: stored.tags },
  };
};
