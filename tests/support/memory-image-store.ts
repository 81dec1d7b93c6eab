import { DeployFailure } from '../../lib/domain/failure.ts';
import type { Descriptor, RawManifest } from '../../lib/domain/image-manifest.ts';
import type { ImageStore, PartAnswer, Stored, Upload } from '../../lib/ports/image-store.ts';
import { digestOf } from './memory-registry.ts';

interface OpenUpload {
  parts: Buffer[];
  length: number;
}

/** One repository of ECR in memory, with ECR's rules, and parts so small that tests are quick. */
export interface MemoryImageStore extends ImageStore {
  blobs: Map<string, Buffer>;
  manifests: Map<string, RawManifest>;
  tags: Map<string, string>;
  uploads: Map<string, OpenUpload>;
  /** undefined: there is none */
  repository: string | undefined;
  immutable: boolean;
  partSize: number;
  /** what was asked of it, as `<method> <what>` */
  asked: string[];
  /** bytes that came in parts and whole blobs, also those not taken */
  received: number;
}

interface Named {
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

const refused = (code: string): DeployFailure => new DeployFailure('AwsRefused', code);

/** Each part but the last must have half of the part size at least, as ECR's must have 5 of 10 MiB. */
const tooSmall = (parts: readonly Buffer[], partSize: number): boolean =>
  parts.slice(0, -1).some((part) => part.length < partSize / 2);

const uploading = (store: MemoryImageStore) => {
  let started = 0;
  const uploadPart = (id: string, first: number, bytes: Buffer): PartAnswer => {
    store.received += bytes.length;
    const upload = store.uploads.get(id);
    if (upload === undefined) return { state: 'gone' };
    if (first !== upload.length) return { state: 'expected', next: upload.length };
    if (bytes.length > 2 * store.partSize) throw refused('InvalidParameterException');
    // a copy: the caller may use its buffer again
    upload.parts.push(Buffer.from(bytes));
    upload.length += bytes.length;
    return { state: 'taken' };
  };
  const complete = (id: string, digest: string): 'complete' | 'gone' | 'mismatch' => {
    const upload = store.uploads.get(id);
    if (upload === undefined) return 'gone';
    if (upload.length === 0) throw refused('EmptyUploadException');
    if (tooSmall(upload.parts, store.partSize)) throw refused('LayerPartTooSmallException');
    store.uploads.delete(id);
    const bytes = Buffer.concat(upload.parts);
    if (digestOf(bytes) !== digest) return 'mismatch';
    store.blobs.set(digest, bytes);
    return 'complete';
  };
  const start = (): Upload => {
    started += 1;
    store.uploads.set(`upload-${started}`, { parts: [], length: 0 });
    return { uploadId: `upload-${started}`, partSize: store.partSize };
  };
  return { uploadPart, complete, start };
};

const putting = (store: MemoryImageStore) => (manifest: RawManifest, tag?: string) => {
  if (digestOf(manifest.bytes) !== manifest.digest) throw refused('ImageDigestDoesNotMatchException');
  const { config, layers = [], manifests = [] } = JSON.parse(manifest.bytes.toString()) as Named;
  const blobs = [...(config === undefined ? [] : [config]), ...layers];
  if (blobs.some(({ digest }) => !store.blobs.has(digest))) return 'incomplete';
  if (manifests.some(({ digest }) => !store.manifests.has(digest))) return 'incomplete';
  const named = tag === undefined ? undefined : store.tags.get(tag);
  if (named !== undefined && named !== manifest.digest && store.immutable) return 'tag taken';
  store.manifests.set(manifest.digest, manifest);
  if (tag !== undefined) store.tags.set(tag, manifest.digest);
  return 'put';
};

const storedIn = (store: MemoryImageStore, digests: readonly string[], tags: readonly string[]): Stored => ({
  digests: new Set(digests.filter((digest) => store.manifests.has(digest))),
  tags: new Map(tags.flatMap((tag) => (store.tags.has(tag) ? [[tag, store.tags.get(tag) ?? '']] : []))),
});

export const memoryImageStore = (repository = 'web'): MemoryImageStore => {
  const maps = { blobs: new Map(), manifests: new Map(), tags: new Map(), uploads: new Map() };
  const asked = (method: string, name: string, what = ''): void => {
    store.asked.push(what === '' ? method : `${method} ${what}`);
    if (name !== store.repository) throw new DeployFailure('RepositoryMissing', 'ECR has no such repository');
  };
  const store: MemoryImageStore = {
    ...{ ...maps, repository, immutable: true, partSize: 16, oneGo: 16, asked: [], received: 0 },
    available: async (name, digests) => {
      asked('available', name, String(digests.length));
      return Promise.resolve(new Set(digests.filter((digest) => store.blobs.has(digest))));
    },
    putBlob: async (name, { digest }, chunks) => {
      asked('putBlob', name, digest);
      const kept: Buffer[] = [];
      for await (const chunk of chunks) kept.push(Buffer.from(chunk));
      const { uploadId } = uploads.start();
      uploads.uploadPart(uploadId, 0, Buffer.concat(kept));
      uploads.complete(uploadId, digest);
    },
    startUpload: async (name) => {
      asked('startUpload', name);
      return Promise.resolve(uploads.start());
    },
    uploadPart: async (name, { uploadId }, { first, bytes }) => {
      asked('uploadPart', name, `${uploadId} ${first}+${bytes.length}`);
      return Promise.resolve(uploads.uploadPart(uploadId, first, bytes));
    },
    completeUpload: async (name, { uploadId }, digest) => {
      asked('completeUpload', name, uploadId);
      return Promise.resolve(uploads.complete(uploadId, digest));
    },
    stored: async (name, { digests, tags }) => {
      asked('stored', name);
      return Promise.resolve(storedIn(store, digests, tags));
    },
    putManifest: async (name, manifest, tag) => {
      asked('putManifest', name, tag ?? manifest.digest);
      return Promise.resolve(putting(store)(manifest, tag));
    },
    createRepository: async (name) => {
      store.asked.push('createRepository');
      store.repository = name;
      return Promise.resolve();
    },
  };
  const uploads = uploading(store);
  return store;
};
