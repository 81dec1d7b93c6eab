import type { StackBounds } from '../lib/domain/stack-bounds.ts';
import type { TargetId } from '../lib/domain/target.ts';
import type { RepositoryEntries } from './repository-index.ts';

/** One stage's targets, as ops keep them. Every method raises the store's own error when it refuses or does not answer. */
export interface TargetStore {
  /** What the deployed stack may touch, as it published it itself. */
  bounds(): Promise<StackBounds>;
  /** The project's stored documents, by the targets' names. */
  documents(project: number): Promise<ReadonlyMap<string, string>>;
  /** Creates or replaces one document. */
  write(id: TargetId, document: string): Promise<void>;
  /** The whole repository index. */
  entries(): Promise<RepositoryEntries>;
  /** Creates or replaces one entry of it. */
  writeEntry(key: string, projects: readonly number[]): Promise<void>;
}

/** A file's text. Raises what the system says when it cannot be read. */
export type ReadFile = (path: string) => Promise<string>;
