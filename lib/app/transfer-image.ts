import { becauseOf, DeployFailure } from '../domain/failure.ts';
import { blobsNamed } from '../domain/image-collection.ts';
import type { Stored } from '../ports/image-store.ts';
import { bringBlobs } from './transfer/bring-blobs.ts';
import { planTransfer, type TransferPlan } from './transfer/plan-transfer.ts';
import { putManifests, putTags } from './transfer/put-manifests.ts';
import { isPassing, type Run } from './transfer/run.ts';
import type { Transfer, TransferControl, TransferEnd, TransferPorts, TransferResult } from './transfer/transfer.ts';

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
