import { repositoryKey } from '../lib/domain/repository-key.ts';

/** Project ids by a repository's key; undefined: what is stored there is no list of them. */
export type RepositoryEntries = ReadonlyMap<string, readonly number[] | undefined>;

export interface EntryChange {
  key: string;
  /** all that the entry is to name */
  projects: readonly number[];
  what: 'added' | 'removed';
}

const repositoryOf = (document: string): string[] => {
  try {
    const { on } = JSON.parse(document) as { on?: { image?: { repository?: unknown } } };
    const repository = on?.image?.repository;
    return typeof repository === 'string' ? [repository] : [];
  } catch {
    return [];
  }
};

/** Each repository whose images these documents wait for, by its key. */
export const repositoriesOf = (documents: Iterable<string>): Map<string, string> =>
  new Map([...documents].flatMap(repositoryOf).map((repository) => [repositoryKey(repository), repository]));

/** What must change so that exactly the entries of these keys name the project; other projects' ids stay as they are. */
export const entryChanges = (project: number, keys: Iterable<string>, entries: RepositoryEntries): EntryChange[] => {
  const wanted = new Set(keys);
  const added = [...wanted]
    .map((key) => ({ key, projects: entries.get(key) ?? [] }))
    .filter(({ projects }) => !projects.includes(project))
    .map(({ key, projects }) => ({ key, projects: [...projects, project], what: 'added' as const }));
  const removed = [...entries]
    .filter(([key, projects]) => projects?.includes(project) === true && !wanted.has(key))
    .map(([key, projects = []]) => ({
      key,
      projects: projects.filter((id) => id !== project),
      what: 'removed' as const,
    }));
  return [...added, ...removed];
};
