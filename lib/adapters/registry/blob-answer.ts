import type { IncomingHttpHeaders } from 'node:http';
import { DeployFailure } from '../../domain/failure.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';

export interface BlobAnswer {
  status: number;
  headers: Pick<IncomingHttpHeaders, 'content-length' | 'content-range'>;
}

const refused = (because: string, digest: string) => new DeployFailure('ImageRefused', because, { facts: { digest } });

/** The bytes that a 206 says it has, if it says so as it must. https://www.rfc-editor.org/rfc/rfc9110#section-14.4 */
const rangeOf = (header: string | undefined) => {
  const [whole, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(header ?? '') ?? [];
  if (whole === undefined) return undefined;
  return { first: Number(first), last: Number(last), total: total === '*' ? undefined : Number(total) };
};

/**
 * How many bytes of an answer come before byte `next` of the blob: a registry may ignore `Range` and begin at the first.
 * Raises ImageMissing when there is no such blob, ImageRefused when the answer is not of a blob of this size.
 */
export const bytesToSkip = ({ status, headers }: BlobAnswer, { digest, size }: Descriptor, next: number): number => {
  if (status === 404) throw new DeployFailure('ImageMissing', 'a blob of the image is gone', { facts: { digest } });
  // What lies behind its last byte was asked for.
  if (status === 416) throw refused('a blob is shorter than its descriptor says', digest);
  const range = status === 206 ? rangeOf(headers['content-range']) : { first: 0, last: size - 1, total: size };
  const { first, last, total = size } = range ?? { first: -1, last: -1 };
  if ((status === 206 && first !== next) || last < first || last >= size || total !== size)
    throw refused('other bytes of a blob come than were asked for', digest);
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== last - first + 1)
    throw refused('a blob has another size than its descriptor says', digest);
  return next - first;
};
