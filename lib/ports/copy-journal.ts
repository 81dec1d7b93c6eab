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

/** How far copies have come, outside of any one invocation's memory. `copy`: the deployment's name. */
export interface CopyJournal {
  /** What the copy is about, for those who watch it. */
  begin: (copy: string, layers: readonly CopiedLayer[]) => Promise<void>;
  layers: (copy: string) => Promise<readonly CopiedLayer[]>;
  /** The uploads under way of these layers, by digest. */
  uploads: (copy: string, digests: readonly string[]) => Promise<ReadonlyMap<string, UploadProgress>>;
  save: (copy: string, digest: string, progress: UploadProgress) => Promise<void>;
  forget: (copy: string, digest: string) => Promise<void>;
}
