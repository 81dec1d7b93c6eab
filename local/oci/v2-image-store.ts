import type { ImageStore, PartAnswer, Stored, Upload } from '../../lib/ports/image-store.ts';
import type { Descriptor, RawManifest } from '../../lib/domain/image-manifest.ts';
import { manifestTypes } from '../../lib/domain/image-manifest.ts';
import { createV2Client, refusedBy, type V2Answer, type V2Client, type V2Options } from './v2-client.ts';

/** bytes; over ECR's least and under its largest part */
const partSize = 10 * 1024 * 1024;

const withDigest = (location: string, digest: string): string =>
  `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`;

/** An upload is known by its first Location; each answer names the next. */
interface Locations {
  of(upload: Upload): string;
  move(upload: Upload, answer: V2Answer): void;
}

const createLocations = (client: V2Client): Locations => {
  const latest = new Map<string, string>();
  return {
    of: ({ uploadId }) => latest.get(uploadId) ?? uploadId,
    move: ({ uploadId }, answer) => latest.set(uploadId, client.locationOf(answer)),
  };
};

const startUpload = async (client: V2Client, repository: string): Promise<Upload> => {
  const answer = await client.send({ method: 'POST', path: `/v2/${repository}/blobs/uploads/`, repository });
  if (answer.status !== 202) throw refusedBy('POST blobs/uploads', answer);
  return { uploadId: client.locationOf(answer), partSize };
};

const putBlob = async (
  client: V2Client,
  repository: string,
  sent: { blob: Descriptor; bytes: AsyncIterable<Buffer> },
) => {
  const { digest, size } = sent.blob;
  const { uploadId } = await startUpload(client, repository);
  const body = { chunks: sent.bytes, length: size };
  const answer = await client.stream({ method: 'PUT', path: withDigest(uploadId, digest), repository }, body);
  if (answer.status !== 201) throw refusedBy('PUT blobs/uploads', answer);
};

/** Where the upload has come to, by its Range or by what ECR says in its refusal. */
const expectedNext = ({ headers, body }: V2Answer): number => {
  const said = /instead of (\d+)/.exec(body)?.[1];
  const last = /^0-(\d+)$/.exec(String(headers['range']))?.[1];
  if (said === undefined && last === undefined) throw new Error('the registry does not say which byte it expects');
  return said === undefined ? Number(last) + 1 : Number(said);
};

interface Part {
  repository: string;
  upload: Upload;
  first: number;
  bytes: Buffer;
}

const uploadPart = async (client: V2Client, locations: Locations, part: Part): Promise<PartAnswer> => {
  const { repository, upload, first, bytes } = part;
  const range = `${first}-${first + bytes.length - 1}`;
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Range': range };
  const answer = await client.send({ method: 'PATCH', path: locations.of(upload), repository, headers, body: bytes });
  if (answer.status === 404) return { state: 'gone' };
  if (answer.status === 416) return { state: 'expected', next: expectedNext(answer) };
  // 202 by the specification, 201 by ECR
  if (answer.status !== 202 && answer.status !== 201) throw refusedBy('PATCH blobs/uploads', answer);
  locations.move(upload, answer);
  return { state: 'taken' };
};

const completeUpload = async (client: V2Client, repository: string, end: { location: string; digest: string }) => {
  const path = withDigest(end.location, end.digest);
  const answer = await client.send({ method: 'PUT', path, repository, body: Buffer.alloc(0) });
  if (answer.status === 404) return 'gone';
  if (answer.status === 400 && answer.body.includes('DIGEST_INVALID')) return 'mismatch';
  if (answer.status !== 201) throw refusedBy('PUT blobs/uploads', answer);
  return 'complete';
};

/** The digest that is there under this reference. */
const headManifest = async (client: V2Client, repository: string, reference: string): Promise<string | undefined> => {
  const path = `/v2/${repository}/manifests/${reference}`;
  const answer = await client.send({ method: 'HEAD', path, repository, headers: { Accept: manifestTypes.join(', ') } });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusedBy('HEAD manifests', answer);
  return String(answer.headers['docker-content-digest']);
};

const hasBlob = async (client: V2Client, repository: string, digest: string): Promise<boolean> => {
  const answer = await client.send({ method: 'HEAD', path: `/v2/${repository}/blobs/${digest}`, repository });
  // 307: it lies in object storage
  if (![200, 307, 404].includes(answer.status)) throw refusedBy('HEAD blobs', answer);
  return answer.status !== 404;
};

const putManifest = async (
  client: V2Client,
  repository: string,
  put: { manifest: RawManifest; tag?: string | undefined },
) => {
  const { mediaType, digest, bytes } = put.manifest;
  const path = `/v2/${repository}/manifests/${put.tag ?? digest}`;
  const headers = { 'Content-Type': mediaType };
  const answer = await client.send({ method: 'PUT', path, repository, headers, body: bytes });
  if (answer.status === 201) return 'put';
  if (answer.body.includes('MANIFEST_BLOB_UNKNOWN')) return 'incomplete';
  // GitLab denies, ECR answers 400 TAG_INVALID
  if (put.tag !== undefined && /DENIED|TAG_INVALID|immutable/.test(answer.body)) return 'tag taken';
  throw refusedBy('PUT manifests', answer);
};

const those = async <T>(all: readonly T[], one: (item: T) => Promise<boolean>): Promise<T[]> => {
  const found = await Promise.all(all.map(one));
  return all.filter((_, index) => found[index]);
};

const storedOf = async (
  client: V2Client,
  repository: string,
  { digests, tags }: { digests: readonly string[]; tags: readonly string[] },
): Promise<Stored> => {
  const there = await those(digests, async (digest) => (await headManifest(client, repository, digest)) !== undefined);
  const named = await Promise.all(tags.map(async (tag) => [tag, await headManifest(client, repository, tag)] as const));
  const present = named.flatMap(([tag, digest]) => (digest === undefined ? [] : [[tag, digest] as const]));
  return { digests: new Set(there), tags: new Map(present) };
};

/**
 * A registry as a destination, by /v2: what CI pushes with here, and what copies are measured against. Raises plain
 * errors that name call, status and the registry's words. Repositories are made by pushing to them.
 */
export const v2ImageStore = (options: V2Options): ImageStore => {
  const client = createV2Client(options);
  const locations = createLocations(client);
  return {
    oneGo: Infinity,
    available: async (repository, digests) =>
      new Set(await those(digests, (digest) => hasBlob(client, repository, digest))),
    putBlob: (repository, blob, bytes) => putBlob(client, repository, { blob, bytes }),
    startUpload: (repository) => startUpload(client, repository),
    uploadPart: (repository, upload, part) => uploadPart(client, locations, { repository, upload, ...part }),
    completeUpload: (repository, upload, digest) =>
      completeUpload(client, repository, { location: locations.of(upload), digest }),
    stored: (repository, asked) => storedOf(client, repository, asked),
    putManifest: (repository, manifest, tag) => putManifest(client, repository, { manifest, tag }),
    createRepository: () => Promise.resolve(),
  };
};
