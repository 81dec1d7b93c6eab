import type { FailureName } from '../../domain/failure.ts';
import type { Platform } from '../../domain/image-manifest.ts';
import type { CopyRule } from '../../domain/target.ts';
import type { CopyJournal } from '../../ports/copy-journal.ts';
import type { ImageStore } from '../../ports/image-store.ts';
import type { Registry } from '../../ports/registry.ts';

/** One image, all of it: `source` by digest, so that the bytes in the destination are the same. */
export interface Transfer {
  /** the name under which progress is kept: the same for every call that goes on with this copy */
  copy: string;
  source: { repository: string; digest: string };
  /** the image's own tag, then the others, in the order in which they are put */
  destination: { repository: string; tags: readonly string[] };
  /** what the image must be able to run on; judged before anything is written */
  platform?: Platform;
  signatures: CopyRule['signatures'];
  /** the most that all blobs together may have */
  maxBytes: number;
  createRepository: boolean;
}

export interface TransferControl {
  /** ms that are left of this invocation */
  remaining: () => number;
  /** called once before the first tag is put (cosign's own excepted), not when all are there; what it raises ends the transfer */
  beforeTags: () => Promise<void>;
}

export interface TransferPorts {
  registry: Registry;
  store: ImageStore;
  journal: CopyJournal;
}

/** In bytes. */
export interface TransferCount {
  /** brought to the destination by this call: more than 0 is progress */
  moved: number;
  /** of the blobs looked at, what the destination had before the copy began */
  present: number;
}

/**
 * `done`: all there, tagged; `leftOut` names signatures that were not brought (best effort): their tag is taken, or they are gone.
 * `out of time`: call again, at once. `unavailable`: call again, after a while.
 * `unsigned`: a signature is required, and there is none yet; the image is there without its tags.
 */
export type TransferResult = TransferCount & TransferEnd;

export type TransferEnd =
  | { state: 'done'; digest: string; leftOut: readonly string[] }
  | { state: 'out of time' }
  | {
      state: 'unavailable';
      failure: Extract<FailureName, 'RegistryUnavailable' | 'AwsUnavailable'>;
      because: string;
    }
  | { state: 'unsigned' };
