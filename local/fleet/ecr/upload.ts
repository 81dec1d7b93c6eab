import type { Hash } from 'node:crypto';

/** A layer on its way in. Parts are kept as they came: joining them anew for each one would cost the square of their number. */
export interface Upload {
  readonly id: string;
  /** world time, milliseconds */
  readonly startedAt: number;
  readonly parts: Buffer[];
  readonly hash: Hash;
  /** bytes of the parts */
  size: number;
  /** bytes that were sent for it, refused parts included */
  bytesReceived: number;
  /** how it begins: what tells which layer it was of, also when it is never completed */
  head: Buffer;
  ended: boolean;
}
