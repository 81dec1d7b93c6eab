import { contentDigest } from '../../domain/content-digest.ts';
import { refused } from '../../domain/image-collection.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';
import { halt, type Run } from './run.ts';

/**
 * A blob's bytes from byte `from` on. Raises ImageRefused at the end when they are not as many as the blob has or, if they are all
 * of them, not those of its digest; and a passing failure as soon as `halted`.
 */
export async function* blobBytes(
  { registry, transfer }: Pick<Run, 'registry' | 'transfer'>,
  blob: Descriptor,
  { from, halted }: { from: number; halted: () => boolean },
): AsyncGenerator<Buffer> {
  const whole = from === 0 ? contentDigest() : undefined;
  let read = from;
  // There is no range of bytes to ask for behind the last one.
  if (from === blob.size) return;
  for await (const chunk of registry.blob(transfer.source.repository, blob, from)) {
    if (halted()) throw halt();
    read += chunk.length;
    if (read > blob.size) throw refused('a layer is longer than it says', { layer: blob.digest });
    whole?.add(chunk);
    yield chunk;
  }
  if (read < blob.size) throw refused('a layer is shorter than it says', { layer: blob.digest });
  if (whole !== undefined && whole.value() !== blob.digest)
    throw refused('the bytes of a layer are not those of its digest', { layer: blob.digest });
}
