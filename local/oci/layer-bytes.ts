import { createCipheriv, createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A gzip of random bytes, always the same for the same seed and size. Too small for a gzip: the bytes alone. */
export interface LayerSpec {
  /** bytes, as stored */
  size: number;
  seed: string;
}

// RFC 1952: magic, deflate, no flags, no time, no extra flags, unknown system; CRC and length at the end.
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const gzipTrailer = 8;
// RFC 1951: a stored block has a header of 5 bytes and holds at most 65,535.
const blockHeader = 5;
const blockBytes = 65_535;
const zeros = Buffer.alloc(blockBytes);

/** The next `length` random bytes: a cipher's key stream is the fastest source that a seed can repeat. */
const randomSource = (seed: string): ((length: number) => Buffer) => {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (length) => cipher.update(zeros.subarray(0, length));
};

const headerOf = (length: number, isLast: boolean): Buffer => {
  const header = Buffer.alloc(blockHeader);
  header.writeUInt8(isLast ? 1 : 0, 0);
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(~length & 0xffff, 3);
  return header;
};

const trailerOf = (crc: number, length: number): Buffer => {
  const trailer = Buffer.alloc(gzipTrailer);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return trailer;
};

/** How many blocks it takes, and how many random bytes are in them, so that the whole has the size. */
const shapeOf = (size: number): { blocks: number; payload: number } => {
  const room = size - gzipHeader.length - gzipTrailer;
  const blocks = Math.max(0, Math.ceil(room / (blockBytes + blockHeader)));
  return { blocks, payload: room - blocks * blockHeader };
};

/** The layer's bytes; what `seen` gets are the uncompressed ones. */
export function* layerBytes({ size, seed }: LayerSpec, seen?: (bytes: Buffer) => void): Generator<Buffer> {
  const random = randomSource(seed);
  const { blocks, payload } = shapeOf(size);
  if (payload < 0 || blocks === 0) {
    yield random(size);
    return;
  }
  yield gzipHeader;
  let crc = 0;
  for (let block = 1; block <= blocks; block += 1) {
    // The last block may be empty: its header alone makes up the size.
    const left = Math.max(0, payload - (block - 1) * blockBytes);
    const bytes = random(Math.min(blockBytes, left));
    crc = crc32(bytes, crc);
    seen?.(bytes);
    yield Buffer.concat([headerOf(bytes.length, block === blocks), bytes]);
  }
  yield trailerOf(crc, payload);
}
