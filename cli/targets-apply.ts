import { isDeepStrictEqual } from 'node:util';
import { targetLabel } from '../lib/domain/target.ts';
import { checkFiles, documentText } from './check-files.ts';
import { entryChanges, repositoriesOf, type EntryChange } from './repository-index.ts';
import type { FileTarget } from './target-file.ts';
import type { ReadFile, TargetStore } from './target-store.ts';
import { projectsOf, unnamed } from './targets-check.ts';

export type Applied = { target: string } & (
  { what: 'created' | 'changed' | 'unchanged' } | { what: 'failed'; because: string }
);

/** A change of the repository index; `repository`: its path, or its key where nothing tells the path any more. */
export interface Indexed {
  project: number;
  repository: string;
  what: EntryChange['what'] | 'failed';
  because?: string;
}

export interface ApplyOutput {
  /** when there are any, nothing was written */
  problems: string[];
  applied: Applied[];
  indexed: Indexed[];
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

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
    return { target: label, what: 'failed', because: reasonOf(error) };
  }
};

/**
 * The index follows what is stored now, whether a file names it or not: a stored target goes on deploying. An entry too
 * many does no harm, so a project that waits for no image, and did not before, does not even read it.
 */
const indexProject = async (
  store: TargetStore,
  project: number,
  before: ReadonlyMap<string, string>,
): Promise<Indexed[]> => {
  const wanted = repositoriesOf((await store.documents(project)).values());
  const named = new Map([...repositoriesOf(before.values()), ...wanted]);
  if (named.size === 0) return [];
  const indexed: Indexed[] = [];
  for (const { key, projects, what } of entryChanges(project, wanted.keys(), await store.entries())) {
    const of = { project, repository: named.get(key) ?? key };
    try {
      await store.writeEntry(key, projects);
      indexed.push({ ...of, what });
    } catch (error) {
      indexed.push({ ...of, what: 'failed', because: reasonOf(error) });
    }
  }
  return indexed;
};

/**
 * Checks all files, and writes what differs only when nothing is wrong with any of them; then the repository index, by
 * which a registry's events find targets. Deletes no target. Told again it changes nothing; a write that failed does not
 * stop the others.
 */
export const applyTargets =
  ({ readFile, store }: { readFile: ReadFile; store: TargetStore }) =>
  async ({ files }: { files: readonly string[] }): Promise<ApplyOutput> => {
    const { targets, problems } = await checkFiles(readFile, files, await store.bounds());
    const output: ApplyOutput = { problems, applied: [], indexed: [], notInFile: [] };
    if (problems.length > 0) return output;
    for (const project of projectsOf(targets)) {
      const stored = await store.documents(project);
      for (const target of targets.filter(({ id }) => id.project === project)) {
        output.applied.push(await applyOne(store, target, stored));
      }
      output.indexed.push(...(await indexProject(store, project, stored)));
      output.notInFile.push(...unnamed(project, stored, targets));
    }
    return output;
  };
