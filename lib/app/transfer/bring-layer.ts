import { DeployFailure } from '../../domain/failure.ts';
import { refused } from '../../domain/image-collection.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';
import { refuseTooManyParts } from '../../domain/layer-size.ts';
import type { UploadProgress } from '../../ports/copy-journal.ts';
import type { PartAnswer } from '../../ports/image-store.ts';
import { blobBytes } from './blob-bytes.ts';
import { layerParts, type LayerPart } from './layer-parts.ts';
import type { PartBuffers } from './part-buffers.ts';
import { halt, type Run } from './run.ts';

export interface Lane {
  run: Run;
  buffers: PartBuffers;
  /** whether what is under way is to end at the next chunk or part */
  halted: () => boolean;
}

interface LayerUpload {
  layer: Descriptor;
  progress: UploadProgress;
}

type Setback = Exclude<PartAnswer, { state: 'taken' }> | { state: 'replaced'; by: UploadProgress };

// Each loses what was uploaded of the layer: more than that in one invocation is no accident.
const maxSetbacks = 3;

/** Journalled before its first byte, so that two invocations side by side take the same upload. */
const begin = async ({ run }: Lane, layer: Descriptor): Promise<UploadProgress> => {
  const upload = await run.store.startUpload(run.transfer.destination.repository);
  refuseTooManyParts(layer, upload.partSize);
  const progress = { ...upload, next: 0 };
  return (await run.journal.save(run.transfer.copy, layer.digest, progress)) ?? progress;
};

/** An answer may have been lost, or another invocation beside this one was faster: what is expected next then tells that the part is there. */
const sendPart = async (
  { run, buffers, halted }: Lane,
  { layer, progress }: LayerUpload,
  { bytes, buffer }: LayerPart,
): Promise<Setback | undefined> => {
  const { repository } = run.transfer.destination;
  const first = progress.next;
  const next = first + bytes.length;
  let answer: PartAnswer;
  try {
    if (halted()) throw halt();
    answer = await run.store.uploadPart(repository, progress, { first, bytes });
  } finally {
    buffers.give(buffer);
  }
  if (answer.state === 'gone' || (answer.state === 'expected' && answer.next !== next)) return answer;
  run.count.moved += next - first;
  const by = await run.journal.save(run.transfer.copy, layer.digest, { ...progress, next });
  return by === undefined ? undefined : { state: 'replaced', by };
};

/** All parts from where the upload is. The answer is what came in between, if anything did. */
const sendParts = async (lane: Lane, { layer, progress }: LayerUpload): Promise<Setback | undefined> => {
  let over = false;
  const halted = () => over || lane.halted();
  const bytes = blobBytes(lane.run, layer, { from: progress.next, halted });
  const parts = layerParts(bytes, progress.partSize, lane.buffers);
  try {
    let { next } = progress;
    for (let part = await parts.next(); part !== undefined; part = await parts.next()) {
      const { length } = part.bytes;
      const setback = await sendPart(lane, { layer, progress: { ...progress, next } }, part);
      if (setback !== undefined) return setback;
      next += length;
    }
    return undefined;
  } finally {
    over = true;
    await parts.close();
  }
};

const complete = async ({ run }: Lane, { layer, progress }: LayerUpload): Promise<'complete' | Setback> => {
  const { transfer, store, journal } = run;
  const answer = await store.completeUpload(transfer.destination.repository, progress, layer.digest);
  if (answer === 'gone') return { state: 'gone' };
  const forgotten = journal.forget(transfer.copy, layer.digest, progress);
  if (answer === 'mismatch') {
    // Who is told to come again, only because the journal gives no answer, would send all of it again to be refused again.
    await Promise.allSettled([forgotten]);
    throw refused('the bytes of a layer are not those of its digest', { layer: layer.digest });
  }
  await forgotten;
  return answer;
};

/** Where to go on; undefined when another invocation has completed the layer meanwhile. */
const afterSetback = async (
  lane: Lane,
  { layer, progress }: LayerUpload,
  setback: Setback,
): Promise<UploadProgress | undefined> => {
  const { transfer, store, journal } = lane.run;
  if (setback.state === 'replaced') return setback.by;
  if (setback.state === 'expected' && setback.next <= layer.size) return { ...progress, next: setback.next };
  await journal.forget(transfer.copy, layer.digest, progress);
  const there = await store.available(transfer.destination.repository, [layer.digest]);
  return there.has(layer.digest) ? undefined : await begin(lane, layer);
};

/**
 * A layer in parts, in order, from where an upload under way has come to; ECR knows that best. Raises ImageRefused, ImageMissing,
 * LayerTooLarge.
 */
export const bringLayer = async (lane: Lane, layer: Descriptor, known: UploadProgress | undefined): Promise<void> => {
  let progress = known ?? (await begin(lane, layer));
  for (let setbacks = 0; setbacks < maxSetbacks;) {
    const upload = { layer, progress };
    const answer = (await sendParts(lane, upload)) ?? (await complete(lane, upload));
    if (answer === 'complete') return;
    const then = await afterSetback(lane, upload, answer);
    if (then === undefined) return;
    // Further on than where this began is no setback: the journal was behind.
    if (then.uploadId !== progress.uploadId || then.next <= progress.next) setbacks += 1;
    progress = then;
  }
  throw new DeployFailure('AwsUnavailable', 'the upload of a layer was lost over and over', {
    facts: { layer: layer.digest },
  });
};
