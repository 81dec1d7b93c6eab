import { byteRange, contentRange } from './byte-range.ts';
import type { OciAnswer, OciCall } from './oci-call.ts';
import { blobUnknown, OciError } from './oci-error.ts';

const partOf = (call: OciCall, bytes: Buffer): OciAnswer => {
  const range = byteRange(call.request.headers.range, bytes.length);
  if (range === undefined) return { status: 200, body: bytes };
  if (range === 'unsatisfiable') {
    const headers = { 'Content-Range': `bytes */${bytes.length}` };
    throw new OciError({ status: 416, code: 'SIZE_INVALID', message: 'range not satisfiable', headers });
  }
  const headers = { 'Content-Range': contentRange(range, bytes.length) };
  return { status: 206, headers, body: bytes.subarray(range.start, range.end) };
};

export const getBlob = (call: OciCall): OciAnswer => {
  const { registry, repository, reference: digest, request } = call;
  const bytes = registry.content.blob(repository, digest);
  if (bytes === undefined) throw blobUnknown(digest);
  const target = { mediaType: 'application/octet-stream', digest, size: bytes.length };
  registry.happened?.({ action: 'pull', repository, ...target }, request);
  const headers = { 'Docker-Content-Digest': digest, ETag: `"${digest}"` };
  const elsewhere = registry.quirks.blobRedirect?.(digest, request.method ?? '');
  if (elsewhere !== undefined) return { status: 307, headers: { ...headers, Location: elsewhere } };
  const part = partOf(call, bytes);
  const own = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes' };
  return { ...part, headers: { ...own, ...headers, ...part.headers } };
};
