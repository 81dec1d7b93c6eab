import type { IncomingMessage } from 'node:http';
import { isDigest, manifestTypes, type RawManifest } from '../../lib/domain/image-manifest.ts';
import { checkedDigest, checkManifest, referrersOf, sha256 } from './manifest-document.ts';
import { originOf, type OciAnswer, type OciCall } from './oci-call.ts';
import { manifestUnknown, OciError } from './oci-error.ts';

/** What registries take at least; distribution takes no more. */
const largestManifest = 4 * 1024 * 1024;
const tagGrammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Distribution looks for the very type: neither an Accept that is missing nor a wildcard will do for OCI's manifests. */
const accepts = ({ request }: OciCall, mediaType: string): boolean =>
  (request.headers.accept ?? '').split(',').some((type) => type.split(';')[0]?.trim() === mediaType);

export const getManifest = (call: OciCall): OciAnswer => {
  const { registry, repository, reference, request } = call;
  const manifest = registry.content.manifest(repository, reference);
  if (manifest === undefined) throw manifestUnknown(reference);
  const { mediaType, digest, bytes } = manifest;
  if (!accepts(call, mediaType)) {
    const message = `manifest found, but accept header does not support ${mediaType}`;
    throw new OciError({ status: 404, code: 'MANIFEST_UNKNOWN', message });
  }
  const tagged = isDigest(reference) ? {} : { tag: reference };
  registry.happened?.({ action: 'pull', repository, mediaType, digest, size: bytes.length, ...tagged }, request);
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest, ETag: `"${digest}"` };
  return { status: 200, headers, body: bytes };
};

/** Read to its end even when it is too large: a client that is cut off while sending would not see why. */
const readManifest = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestManifest) chunks.push(chunk);
  }
  if (size <= largestManifest) return Buffer.concat(chunks, size);
  throw new OciError({ status: 413, code: 'SIZE_INVALID', message: 'manifest larger than 4 MiB' });
};

const sentManifest = async ({ request, reference }: OciCall): Promise<RawManifest> => {
  const mediaType = request.headers['content-type'] ?? '';
  if (!manifestTypes.some((type) => type === mediaType)) {
    throw new OciError({ status: 400, code: 'MANIFEST_INVALID', message: `unknown media type ${mediaType}` });
  }
  const bytes = await readManifest(request);
  const digest = sha256(bytes);
  if (isDigest(reference) && reference !== digest) {
    throw new OciError({ status: 400, code: 'DIGEST_INVALID', message: 'provided digest did not match content' });
  }
  return { mediaType, digest, bytes };
};

export const putManifest = async (call: OciCall): Promise<OciAnswer> => {
  const { registry, repository, reference, request } = call;
  if (!isDigest(reference) && !tagGrammar.test(reference)) {
    throw new OciError({ status: 400, code: 'TAG_INVALID', message: 'manifest tag did not match URI' });
  }
  const manifest = await sentManifest(call);
  const { subject } = checkManifest(registry.content, repository, manifest);
  const tag = isDigest(reference) ? undefined : reference;
  registry.content.putManifest(repository, manifest, tag);
  const { mediaType, digest, bytes } = manifest;
  const tagged = tag === undefined ? {} : { tag };
  registry.happened?.({ action: 'push', repository, mediaType, digest, size: bytes.length, ...tagged }, request);
  const headers = {
    Location: `${originOf(request)}/v2/${repository}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
    // A client that does not see it keeps the fallback tag itself.
    ...(subject !== undefined && registry.quirks.referrersApi ? { 'OCI-Subject': subject.digest } : {}),
  };
  return { status: 201, headers };
};

/** Distribution tells of the manifest and of each tag by an event of its own. */
export const deleteManifest = ({ registry, repository, reference, request }: OciCall): OciAnswer => {
  const tags = [...registry.content.tags(repository)].filter(([tag, digest]) => [tag, digest].includes(reference));
  if (!registry.content.deleteManifest(repository, reference)) throw manifestUnknown(reference);
  if (isDigest(reference)) registry.happened?.({ action: 'delete', repository, digest: reference }, request);
  for (const [tag] of tags) registry.happened?.({ action: 'delete', repository, tag }, request);
  return { status: 202 };
};

export const listTags = ({ registry, repository, url }: OciCall): OciAnswer => {
  const all = [...registry.content.tags(repository).keys()].sort();
  const last = url.searchParams.get('last') ?? '';
  const after = all.filter((tag) => tag > last);
  const count = Number(url.searchParams.get('n') ?? after.length);
  const tags = after.slice(0, count);
  const next = `</v2/${repository}/tags/list?n=${count}&last=${tags.at(-1) ?? ''}>; rel="next"`;
  const more = tags.length < after.length ? { Link: next } : {};
  const headers = { 'Content-Type': 'application/json', ...more };
  return { status: 200, headers, body: JSON.stringify({ name: repository, tags }) };
};

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers */
export const listReferrers = ({ registry, repository, reference, url }: OciCall): OciAnswer => {
  if (!registry.quirks.referrersApi) throw manifestUnknown(reference);
  const type = url.searchParams.get('artifactType');
  const all = referrersOf(registry.content, repository, checkedDigest(reference));
  const manifests = type === null ? all : all.filter(({ artifactType }) => artifactType === type);
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const headers = {
    'Content-Type': mediaType,
    ...(type === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
  };
  return { status: 200, headers, body: JSON.stringify({ schemaVersion: 2, mediaType, manifests }) };
};
