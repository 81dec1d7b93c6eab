import type { HookJournal } from '../../lib/ports/hook-journal.ts';

/** What a journal of hooks in memory holds; tests may look at it. */
export interface MemoryHookJournal extends HookJournal {
  /** `<project>#<key>` */
  claimed: Set<string>;
  /** the project to begin with */
  next: number | undefined;
}

export const memoryHookJournal = (): MemoryHookJournal => {
  const claimed = new Set<string>();
  const journal: MemoryHookJournal = {
    claimed,
    next: undefined,
    claim: async (project, key) => {
      const isFirst = !claimed.has(`${project}#${key}`);
      claimed.add(`${project}#${key}`);
      return Promise.resolve(isFirst);
    },
    release: async (project, key) => {
      claimed.delete(`${project}#${key}`);
      return Promise.resolve();
    },
    cursor: async () => Promise.resolve(journal.next),
    handOn: async (project) => {
      journal.next = project;
      return Promise.resolve();
    },
  };
  return journal;
};
