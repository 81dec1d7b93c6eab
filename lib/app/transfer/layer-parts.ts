import type { PartBuffers } from './part-buffers.ts';

/** A part of a layer, in a buffer that is to be given back when the part has been sent. */
export interface LayerPart {
  bytes: Buffer;
  buffer: Buffer;
}

async function* filled(chunks: AsyncIterable<Buffer>, size: number, buffers: PartBuffers): AsyncGenerator<LayerPart> {
  let buffer: Buffer | undefined;
  let length = 0;
  const part = (of: Buffer): LayerPart => ({ buffer: of, bytes: of.subarray(0, length) });
  try {
    for await (const chunk of chunks) {
      for (let used = 0; used < chunk.length;) {
        buffer ??= await buffers.take(size);
        const copied = chunk.copy(buffer, length, used, used + size - length);
        used += copied;
        length += copied;
        if (length < size) continue;
        const full = part(buffer);
        [buffer, length] = [undefined, 0];
        yield full;
      }
    }
    if (buffer === undefined) return;
    const last = part(buffer);
    buffer = undefined;
    yield last;
  } finally {
    if (buffer !== undefined) buffers.give(buffer);
  }
}

/** A layer in parts, the next of which is read while the one before is sent, if there is a buffer for it. */
export interface LayerParts {
  /** undefined when there are no more */
  next: () => Promise<LayerPart | undefined>;
  /** What was read and not asked for is let go. */
  close: () => Promise<void>;
}

export const layerParts = (chunks: AsyncIterable<Buffer>, size: number, buffers: PartBuffers): LayerParts => {
  const parts = filled(chunks, size, buffers);
  const read = (): Promise<LayerPart | undefined> => {
    const coming = parts.next().then(({ value, done }) => (done === true ? undefined : value));
    // It may fail before anybody asks for it.
    coming.catch(() => undefined);
    return coming;
  };
  let coming = read();
  return {
    next: async () => {
      const part = await coming;
      if (part !== undefined) coming = read();
      return part;
    },
    close: async () => {
      const left = await coming.catch(() => undefined);
      if (left !== undefined) buffers.give(left.buffer);
      await parts.return(undefined);
    },
  };
};
