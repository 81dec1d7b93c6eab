import { isDigest } from '../../lib/domain/image-manifest.ts';
import { originOf, type OciAnswer, type OciCall } from './oci-call.ts';
import { OciError } from './oci-error.ts';
import { append, assembled, type UploadSession } from './uploads.ts';

const bodyOf = ({ request }: OciCall): AsyncIterable<Buffer> => request as AsyncIterable<Buffer>;

/** Each answer names another Location; the one before is no longer good, as in distribution. */
const locationOf = ({ request, repository }: OciCall, { id, size }: UploadSession): string =>
  `${originOf(request)}/v2/${repository}/blobs/uploads/${id}?_state=${Buffer.from(`${id}/${size}`).toString('base64url')}`;

/** Distribution says `0-0` for nothing at all, too; ECR's never moves past the first chunk. */
const rangeOf = ({ registry }: OciCall, { size, firstChunk = size }: UploadSession): string =>
  `0-${Math.max(0, (registry.quirks.stuckRange ? firstChunk : size) - 1)}`;

const stateOf = (call: OciCall, session: UploadSession): Record<string, string> => ({
  Location: locationOf(call, session),
  Range: rangeOf(call, session),
  'Docker-Upload-UUID': session.id,
});

const digestOf = ({ url }: OciCall): string => {
  const digest = url.searchParams.get('digest') ?? '';
  if (isDigest(digest)) return digest;
  throw new OciError({ status: 400, code: 'DIGEST_INVALID', message: 'provided digest is invalid' });
};

const sessionOf = (call: OciCall): UploadSession => {
  const session = call.uploads.find(call.repository, call.reference);
  if (new URL(locationOf(call, session)).searchParams.get('_state') === call.url.searchParams.get('_state')) {
    return session;
  }
  throw new OciError({ status: 404, code: 'BLOB_UPLOAD_INVALID', message: 'blob upload invalid' });
};

const checkFirst = (call: OciCall, session: UploadSession): void => {
  const range = call.request.headers['content-range'];
  if (range === undefined) return;
  const first = /^(\d+)-\d+$/.exec(range)?.[1];
  if (first !== undefined && Number(first) === session.size) return;
  // ECR's words: the only place where it tells how far the upload has come
  const message = `First byte of the layer part is ${first ?? range} instead of ${session.size}`;
  throw new OciError({ status: 416, code: 'BLOB_UPLOAD_INVALID', message, headers: stateOf(call, session) });
};

const created = (call: OciCall, digest: string): OciAnswer => ({
  status: 201,
  headers: {
    Location: `${originOf(call.request)}/v2/${call.repository}/blobs/${digest}`,
    'Docker-Content-Digest': digest,
  },
});

const store = (call: OciCall, digest: string, bytes: Buffer): OciAnswer => {
  const { registry, repository, request } = call;
  registry.content.putBlob(repository, digest, bytes);
  const target = { mediaType: 'application/octet-stream', digest, size: bytes.length };
  registry.happened?.({ action: 'push', repository, ...target }, request);
  return created(call, digest);
};

const mounted = (call: OciCall): OciAnswer | undefined => {
  const { registry, repository, request, url } = call;
  const [digest, from] = [url.searchParams.get('mount'), url.searchParams.get('from')];
  if (digest === null || from === null) return undefined;
  if (registry.quirks.authenticate(request, { repository: from, action: 'pull' }) !== undefined) return undefined;
  const bytes = registry.content.blob(from, digest);
  if (bytes === undefined) return undefined;
  registry.content.putBlob(repository, digest, bytes);
  const target = { mediaType: 'application/octet-stream', digest, size: bytes.length };
  registry.happened?.({ action: 'mount', repository, from, ...target }, request);
  return created(call, digest);
};

/** Takes the rest of the blob and ends the upload, whatever comes of it. */
const finish = async (call: OciCall, session: UploadSession, digest: string): Promise<OciAnswer> => {
  await append(session, bodyOf(call));
  call.uploads.end(session);
  return store(call, digest, assembled(session, digest));
};

export const startUpload = async (call: OciCall): Promise<OciAnswer> => {
  const mount = mounted(call);
  if (mount !== undefined) return mount;
  const whole = call.url.searchParams.has('digest') ? digestOf(call) : undefined;
  const session = call.uploads.start(call.repository);
  if (whole !== undefined) return finish(call, session, whole);
  return { status: 202, headers: stateOf(call, session) };
};

export const patchUpload = async (call: OciCall): Promise<OciAnswer> => {
  const session = sessionOf(call);
  checkFirst(call, session);
  await append(session, bodyOf(call));
  session.firstChunk ??= session.size;
  return { status: call.registry.quirks.patchStatus, headers: stateOf(call, session) };
};

export const finishUpload = (call: OciCall): Promise<OciAnswer> => {
  const session = sessionOf(call);
  checkFirst(call, session);
  return finish(call, session, digestOf(call));
};

export const uploadStatus = (call: OciCall): OciAnswer => {
  // Whoever lost an answer has no newer Location: any will do to ask.
  const session = call.uploads.find(call.repository, call.reference);
  if (call.registry.quirks.statusGet) return { status: 204, headers: stateOf(call, session) };
  throw new OciError({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN', message: 'blob upload unknown to registry' });
};

export const cancelUpload = (call: OciCall): OciAnswer => {
  call.uploads.end(call.uploads.find(call.repository, call.reference));
  return { status: 204 };
};
