import type { Upload } from './image-store.ts';

/** A layer that is to be in the destination. */
export interface CopiedLayer {
  digest: string;
  /** bytes */
  size: number;
  /** the destination had it before */
  present: boolean;
}

/** An upload as far as it is known to have come. */
export interface UploadProgress extends Upload {
  /** the byte that comes next */
  next: number;
}

/**
 * How far copies have come, outside of any one invocation's memory. `copy`: the deployment's name. Every method raises
 * AwsUnavailable, AwsRefused.
 */
export interface CopyJournal {
  /** What the copy is about, for those who watch it. */
  begin: (copy: string, layers: readonly CopiedLayer[]) => Promise<void>;
  layers: (copy: string) => Promise<readonly CopiedLayer[]>;
  /** The uploads under way of these layers, by digest. */
  uploads: (copy: string, digests: readonly string[]) => Promise<ReadonlyMap<string, UploadProgress>>;
  /**
   * Keeps it, unless another upload of the layer is kept, by an invocation beside this one or before it: that one is then
   * the answer, and stays.
   */
  save: (copy: string, digest: string, progress: UploadProgress) => Promise<UploadProgress | undefined>;
  /** This upload is over; another one of the layer stays. */
  forget: (copy: string, digest: string, upload: Upload) => Promise<void>;
}
