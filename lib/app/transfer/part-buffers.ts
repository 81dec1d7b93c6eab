/** A few buffers, used over and over: what bounds the memory of a copy. */
export interface PartBuffers {
  /** A buffer of at least so many bytes, as soon as one is free; first come, first served. */
  take: (size: number) => Promise<Buffer>;
  give: (buffer: Buffer) => void;
}

export const partBuffers = (count: number): PartBuffers => {
  const free: (Buffer | undefined)[] = Array.from({ length: count }, () => undefined);
  const waiting: ((buffer: Buffer | undefined) => void)[] = [];
  return {
    take: async (size) => {
      const buffer =
        free.length > 0 ? free.pop() : await new Promise<Buffer | undefined>((resolve) => waiting.push(resolve));
      return buffer !== undefined && buffer.length >= size ? buffer : Buffer.allocUnsafeSlow(size);
    },
    give: (buffer) => {
      const next = waiting.shift();
      if (next === undefined) free.push(buffer);
      else next(buffer);
    },
  };
};
