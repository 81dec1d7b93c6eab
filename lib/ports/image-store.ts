import type { Descriptor, RawManifest } from '../domain/image-manifest.ts';

/** An upload under way: what ECR calls a layer upload. */
export interface Upload {
  uploadId: string;
  /** bytes that the store expects of each part but the last */
  partSize: number;
}

/** `expected`: the part was not what comes next; byte `next` is. `gone`: there is no such upload any more. */
export type PartAnswer = { state: 'taken' } | { state: 'expected'; next: number } | { state: 'gone' };

/** Which of those asked for are there: digests, and what each tag names. */
export interface Stored {
  digests: ReadonlySet<string>;
  tags: ReadonlyMap<string, string>;
}

/** Where images are copied to: this account's ECR. Every method raises RepositoryMissing, AwsUnavailable, AwsRefused. */
export interface ImageStore {
  /** A blob of at most so many bytes goes in one go, by putBlob. */
  readonly oneGo: number;
  /** Which of these blobs are there. */
  available: (repository: string, digests: readonly string[]) => Promise<ReadonlySet<string>>;
  /** A whole blob. `bytes` raises when they are not the blob's; then nothing is put. Each chunk is good until the next one. */
  putBlob: (repository: string, blob: Descriptor, bytes: AsyncIterable<Buffer>) => Promise<void>;
  startUpload: (repository: string) => Promise<Upload>;
  /** The bytes that begin at `first`. */
  uploadPart: (repository: string, upload: Upload, part: { first: number; bytes: Buffer }) => Promise<PartAnswer>;
  /** `mismatch`: the bytes that were uploaded have another digest. */
  completeUpload: (repository: string, upload: Upload, digest: string) => Promise<'complete' | 'gone' | 'mismatch'>;
  stored: (repository: string, asked: { digests: readonly string[]; tags: readonly string[] }) => Promise<Stored>;
  /** `incomplete`: something that it names is not there. `tag taken`: the tag is immutable and names another image. */
  putManifest: (repository: string, manifest: RawManifest, tag?: string) => Promise<'put' | 'incomplete' | 'tag taken'>;
  /** Made with immutable tags and scan on push; one that is there already stays as it is. */
  createRepository: (repository: string) => Promise<void>;
}
