/** `end` is the byte after the last. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * What a Range header asks for of so many bytes: undefined when it asks for nothing that is understood here (then all
 * is sent, as RFC 9110 14.2 allows), `unsatisfiable` when it begins behind the end.
 */
export const byteRange = (header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined => {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (asked === null) return undefined;
  const start = Number(asked[1]);
  const last = asked[2] === '' ? size - 1 : Number(asked[2]);
  if (start >= size) return 'unsatisfiable';
  return { start, end: Math.min(size, last + 1) };
};

export const contentRange = ({ start, end }: ByteRange, size: number): string => `bytes ${start}-${end - 1}/${size}`;
