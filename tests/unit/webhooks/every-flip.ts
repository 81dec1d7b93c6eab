/** The same bytes with one bit another. */
const flipped = (bytes: Buffer, bit: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
};

/** Every change of a single bit, one after the other. */
export const everyFlip = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length * 8 }, (_none, bit) => flipped(bytes, bit));
