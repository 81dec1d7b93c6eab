import { targetLabel } from '../lib/domain/target.ts';
import { checkFiles } from './check-files.ts';
import type { FileTarget } from './target-file.ts';
import type { ReadFile, TargetStore } from './target-store.ts';

export interface CheckOutput {
  /** how many targets the files hold */
  targets: number;
  problems: string[];
  /** stored for one of the files' projects, and in none of the files; labels */
  notInFile: string[];
  /** nothing was compared with a stack */
  formOnly: boolean;
}

/** Labels of stored targets that the files do not name. */
export const unnamed = (
  project: number,
  stored: ReadonlyMap<string, string>,
  targets: readonly FileTarget[],
): string[] => {
  const named = new Set(targets.map(({ id }) => targetLabel(id)));
  return [...stored.keys()].map((name) => targetLabel({ project, name })).filter((label) => !named.has(label));
};

export const projectsOf = (targets: readonly FileTarget[]): number[] => [
  ...new Set(targets.map(({ id }) => id.project)),
];

/** Checks files of targets; with a stage's store also against what its stack may touch. Writes nothing. */
export const checkTargets =
  ({ readFile, store }: { readFile: ReadFile; store: TargetStore | undefined }) =>
  async ({ files }: { files: readonly string[] }): Promise<CheckOutput> => {
    const { targets, problems } = await checkFiles(readFile, files, await store?.bounds());
    const output = { targets: targets.length, problems, notInFile: [], formOnly: store === undefined };
    if (store === undefined || problems.length > 0) return output;
    const notInFile: string[] = [];
    for (const project of projectsOf(targets)) {
      notInFile.push(...unnamed(project, await store.documents(project), targets));
    }
    return { ...output, notInFile };
  };
