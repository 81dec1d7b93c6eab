import { DeployFailure } from '../../domain/failure.ts';
import { bytesOf } from '../../domain/image-collection.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';
import type { UploadProgress } from '../../ports/copy-journal.ts';
import { blobBytes } from './blob-bytes.ts';
import { bringLayer, type Lane } from './bring-layer.ts';
import { partBuffers } from './part-buffers.ts';
import { halt, isPassing, type Run } from './run.ts';
import { sideBySide } from '../side-by-side.ts';

// ECR takes a layer's parts one after the other, so that speed comes from several layers at once. A part of 10 MiB needs 24 while
// it is sent: with five of them the whole process stays below 260 MB. One blob more than parts, so that small ones go by while
// the large ones wait for a buffer.
const blobsAtOnce = 6;
const partsInMemory = 5;

interface Bringing extends Lane {
  uploads: ReadonlyMap<string, UploadProgress>;
  /** blobs that the image can do without */
  optional: (digest: string) => boolean;
  missing: Set<string>;
  unavailable: DeployFailure[];
}

const bringBlob = async (lane: Bringing, blob: Descriptor): Promise<void> => {
  const { run, halted, uploads } = lane;
  if (blob.size > run.store.oneGo) {
    await bringLayer(lane, blob, uploads.get(blob.digest));
    return;
  }
  const { repository } = run.transfer.destination;
  await run.store.putBlob(repository, blob, blobBytes(run, blob, { from: 0, halted }));
  run.count.moved += blob.size;
};

/** One that cannot be had now does not stop the others, until there are so many that all ways seem to be closed. */
const tryBlob = async (bringing: Bringing, blob: Descriptor): Promise<void> => {
  const { unavailable, missing, optional, halted } = bringing;
  try {
    if (halted() || unavailable.length >= blobsAtOnce) throw halt();
    await bringBlob(bringing, blob);
  } catch (error) {
    const gone = error instanceof DeployFailure && error.name === 'ImageMissing';
    if (isPassing(error)) unavailable.push(error);
    else if (gone && optional(blob.digest)) missing.add(blob.digest);
    else throw error;
  }
};

/** Tells those who watch; what was there is what was there when the copy began. */
const tell = async (run: Run, blobs: readonly Descriptor[], there: ReadonlySet<string>): Promise<void> => {
  const { journal, transfer, count } = run;
  const told = new Map((await journal.layers(transfer.copy)).map((layer) => [layer.digest, layer]));
  const untold = blobs.filter(({ digest }) => !told.has(digest));
  for (const { digest, size } of untold) told.set(digest, { digest, size, present: there.has(digest) });
  if (untold.length > 0) await journal.begin(transfer.copy, [...told.values()]);
  count.present = bytesOf(blobs.filter(({ digest }) => told.get(digest)?.present === true));
};

/** The first failure that time does not mend ends what is under way. */
const bringAll = async (blobs: readonly Descriptor[], run: Run, more: Pick<Bringing, 'uploads' | 'optional'>) => {
  let failed = false;
  const halted = () => failed || run.late();
  const state = { missing: new Set<string>(), unavailable: [] };
  const bringing: Bringing = { run, buffers: partBuffers(partsInMemory), halted, ...more, ...state };
  await sideBySide(blobs, blobsAtOnce, async (blob) => {
    try {
      await tryBlob(bringing, blob);
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  return bringing;
};

/**
 * Brings what is not there yet, the biggest first. The answer is which of the optional ones the registry has not. Raises
 * ImageMissing, ImageRefused, LayerTooLarge, and a passing failure when some could not be brought now.
 */
export const bringBlobs = async (
  run: Run,
  blobs: readonly Descriptor[],
  optional: Bringing['optional'],
): Promise<ReadonlySet<string>> => {
  const { store, journal, transfer } = run;
  const digests = blobs.map(({ digest }) => digest);
  const there = await store.available(transfer.destination.repository, digests);
  await tell(run, blobs, there);
  const absent = blobs.filter(({ digest }) => !there.has(digest)).sort((a, b) => b.size - a.size);
  const inParts = absent.filter(({ size }) => size > store.oneGo).map(({ digest }) => digest);
  const uploads = inParts.length > 0 ? await journal.uploads(transfer.copy, inParts) : new Map<string, never>();
  const { missing, unavailable } = await bringAll(absent, run, { uploads, optional });
  if (unavailable[0] !== undefined) throw unavailable[0];
  return missing;
};
