import type { RotationJournal, RotationRecord } from '../../lib/ports/rotation-journal.ts';

/** What is remembered of one secret; tests may look at it. */
export interface MemoryRotationJournal extends RotationJournal {
  record: RotationRecord;
}

export const memoryRotationJournal = (): MemoryRotationJournal => {
  const journal: MemoryRotationJournal = {
    record: { revision: 0 },
    read: async () => Promise.resolve(structuredClone(journal.record)),
    write: async (record) => {
      if (record.revision !== journal.record.revision) return Promise.resolve(false);
      journal.record = { ...structuredClone(record), revision: record.revision + 1 };
      return Promise.resolve(true);
    },
  };
  return journal;
};
