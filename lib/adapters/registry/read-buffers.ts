/** Where a connection's bytes are put and taken from: two buffers, used over and over as long as they are taken in time. */
export interface ReadBuffers {
  /** Where the next bytes go; never empty. */
  space: () => Buffer;
  /** So many bytes have come there. False when there are enough for now; what comes all the same is kept too. */
  came: (length: number) => boolean;
  /** The bytes that come next, if there are any. They are good until the next call. */
  take: () => Buffer | undefined;
}

interface Filled {
  buffer: Buffer;
  /** the first byte that was not taken, and the one behind the last that came */
  from: number;
  to: number;
}

const rest = (filled: Filled): Buffer | undefined => {
  const { buffer, from, to } = filled;
  filled.from = to;
  return from === to ? undefined : buffer.subarray(from, to);
};

/** Buffers of so many bytes; one is full when it has room for fewer than `reserve`. */
export const readBuffers = (size: number, reserve: number): ReadBuffers => {
  const begun = (buffer: Buffer = Buffer.allocUnsafeSlow(size)): Filled => ({ buffer, from: 0, to: 0 });
  const isFull = ({ to }: Filled): boolean => size - to < reserve;
  let filling = begun();
  const full: Filled[] = [];
  let spare: Buffer | undefined;
  return {
    space: () => {
      if (isFull(filling)) {
        full.push(filling);
        filling = begun(spare);
        spare = undefined;
      }
      return filling.buffer.subarray(filling.to);
    },
    came: (length) => {
      filling.to += length;
      return full.length === 0 && !isFull(filling);
    },
    take: () => {
      // Whoever calls has done with what he took before, also with the end of a full one.
      for (let first = full[0]; first !== undefined; first = full[0]) {
        const bytes = rest(first);
        if (bytes !== undefined) return bytes;
        spare = first.buffer;
        full.shift();
      }
      return rest(filling);
    },
  };
};
