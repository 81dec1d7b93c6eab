import { becauseOf, DeployFailure, type FailureName } from '../domain/failure.ts';
import { blobsNamed } from '../domain/image-collection.ts';
import type { Platform } from '../domain/image-manifest.ts';
import type { CopyRule } from '../domain/target.ts';
import type { CopyJournal } from '../ports/copy-journal.ts';
import type { ImageStore, Stored } from '../ports/image-store.ts';
import type { Registry } from '../ports/registry.ts';
import { bringBlobs } from './transfer/bring-blobs.ts';
import { planTransfer, type TransferPlan } from './transfer/plan-transfer.ts';
import { putManifests, putTags } from './transfer/put-manifests.ts';
import { isPassing, type Run } from './transfer/run.ts';

/** One image, all of it: `source` by digest, so that the bytes in the destination are the same. */
export interface Transfer {
  /** the name under which progress is kept: the same for every call that goes on with this copy */
  copy: string;
  source: { repository: string; digest: string };
  /** the image's own tag, then the others, in the order in which they are put */
  destination: { repository: string; tags: readonly string[] };
  /** what the image must be able to run on; judged before anything is written */
  platform?: Platform;
  signatures: CopyRule['signatures'];
  /** the most that all blobs together may have */
  maxBytes: number;
  createRepository: boolean;
}

export interface TransferControl {
  /** ms that are left of this invocation */
  remaining: () => number;
  /** called once before the first tag is put (cosign's own excepted), not when all are there; what it raises ends the transfer */
  beforeTags: () => Promise<void>;
}

export interface TransferPorts {
  registry: Registry;
  store: ImageStore;
  journal: CopyJournal;
}

/** In bytes. */
export interface TransferCount {
  /** brought to the destination by this call: more than 0 is progress */
  moved: number;
  /** of the blobs looked at, what the destination had before the copy began */
  present: number;
}

/**
 * `done`: all there, tagged; `leftOut` names signatures that were not brought (best effort): their tag is taken, or they are gone.
 * `out of time`: call again, at once. `unavailable`: call again, after a while.
 * `unsigned`: a signature is required, and there is none yet; the image is there without its tags.
 */
export type TransferResult = TransferCount & TransferEnd;

type TransferEnd =
  | { state: 'done'; digest: string; leftOut: readonly string[] }
  | { state: 'out of time' }
  | {
      state: 'unavailable';
      failure: Extract<FailureName, 'RegistryUnavailable' | 'AwsUnavailable'>;
      because: string;
    }
  | { state: 'unsigned' };

// A part of 10 MiB that is under way is through by then, also on a slow line.
const margin = 60_000; // ms

const nothingStored: Stored = { digests: new Set(), tags: new Map() };

/** Blobs, then manifests; all over again, once, when ECR has lost something in between. The answer is what had to be left out. */
const bring = async (run: Run, plan: TransferPlan): Promise<readonly string[]> => {
  const blobs = [...plan.collection.blobs.values()];
  if (plan.repositoryMissing) await run.store.createRepository(run.transfer.destination.repository);
  const needed = blobsNamed(plan.image.manifests);
  const optional = (digest: string) => run.transfer.signatures === 'best-effort' && !needed.has(digest);
  for (const stored of [plan.stored, nothingStored]) {
    const missing = blobs.length === 0 ? new Set<string>() : await bringBlobs(run, blobs, optional);
    const leftOut = await putManifests(run, plan, { stored, missing });
    if (leftOut !== 'incomplete') return [...plan.leftOut, ...leftOut];
  }
  throw new DeployFailure('AwsUnavailable', 'ECR has lost something of the image, twice');
};

const bringImage = async (run: Run, { beforeTags }: TransferControl): Promise<TransferEnd> => {
  const { source, destination, signatures } = run.transfer;
  const plan = await planTransfer(run);
  const leftOut = await bring(run, plan);
  if (signatures === 'required' && !plan.signed) return { state: 'unsigned' };
  const tags = new Set(destination.tags.filter((tag) => plan.stored.tags.get(tag) !== source.digest));
  if (tags.size > 0) {
    await beforeTags();
    await putTags(run, plan.root, [...tags]);
  }
  return { state: 'done', digest: source.digest, leftOut };
};

/**
 * Brings an image from the registry into the store; whatever a call before it has done, in whatever way it ended, is gone on from.
 * Two at the same time do each other no harm. Raises what no later call can mend: ImageMissing, ImageRefused, PlatformMissing,
 * LayerTooLarge, TagTaken, RepositoryMissing, RegistryRefused, AwsRefused; and what `beforeTags` raises.
 */
export const transferImage =
  (ports: TransferPorts) =>
  async (transfer: Transfer, control: TransferControl): Promise<TransferResult> => {
    const late = () => control.remaining() < margin;
    const run: Run = { ...ports, transfer, late, count: { moved: 0, present: 0 } };
    try {
      const end = await bringImage(run, control);
      return { ...end, ...run.count };
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (late()) return { state: 'out of time', ...run.count };
      return { state: 'unavailable', failure: error.name, because: becauseOf(error), ...run.count };
    }
  };
