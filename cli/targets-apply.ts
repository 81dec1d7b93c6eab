import { isDeepStrictEqual } from 'node:util';
import { targetLabel } from '../lib/domain/target.ts';
import { checkFiles, documentText } from './check-files.ts';
import type { FileTarget } from './target-file.ts';
import type { ReadFile, TargetStore } from './target-store.ts';
import { projectsOf, unnamed } from './targets-check.ts';

export type Applied = { target: string } & (
  { what: 'created' | 'changed' | 'unchanged' } | { what: 'failed'; because: string }
);

export interface ApplyOutput {
  /** when there are any, nothing was written */
  problems: string[];
  applied: Applied[];
  notInFile: string[];
}

/** The order of names and blanks do not make another document. */
const same = (stored: string, document: unknown): boolean => {
  try {
    return isDeepStrictEqual(JSON.parse(stored), document);
  } catch {
    return false;
  }
};

const applyOne = async (
  store: TargetStore,
  target: FileTarget,
  stored: ReadonlyMap<string, string>,
): Promise<Applied> => {
  const label = targetLabel(target.id);
  const before = stored.get(target.id.name);
  if (before !== undefined && same(before, target.document)) return { target: label, what: 'unchanged' };
  try {
    await store.write(target.id, documentText(target));
    return { target: label, what: before === undefined ? 'created' : 'changed' };
  } catch (error) {
    return { target: label, what: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * Checks all files, and writes what differs only when nothing is wrong with any of them. Deletes nothing. Told again
 * it changes nothing; a write that failed does not stop the others.
 */
export const applyTargets =
  ({ readFile, store }: { readFile: ReadFile; store: TargetStore }) =>
  async ({ files }: { files: readonly string[] }): Promise<ApplyOutput> => {
    const { targets, problems } = await checkFiles(readFile, files, await store.bounds());
    const output: ApplyOutput = { problems, applied: [], notInFile: [] };
    if (problems.length > 0) return output;
    for (const project of projectsOf(targets)) {
      const stored = await store.documents(project);
      for (const target of targets.filter(({ id }) => id.project === project)) {
        output.applied.push(await applyOne(store, target, stored));
      }
      output.notInFile.push(...unnamed(project, stored, targets));
    }
    return output;
  };
