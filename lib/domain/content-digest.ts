import { createHash } from 'node:crypto';

/** A digest as OCI writes it, over bytes that come in pieces. */
export interface ContentDigest {
  add: (bytes: Buffer) => void;
  /** once, at the end */
  value: () => string;
}

export const contentDigest = (): ContentDigest => {
  const hash = createHash('sha256');
  return {
    add: (bytes) => {
      hash.update(bytes);
    },
    value: () => `sha256:${hash.digest('hex')}`,
  };
};
