import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import type { History } from '../../lib/ports/history.ts';
import type { MemoryJournal } from './memory-journal.ts';

/** The history of a journal in memory. */
export const memoryHistory = ({ records }: Pick<MemoryJournal, 'records'>): History => ({
  ofTarget: async function* (target): AsyncGenerator<DeploymentRecord> {
    const mine = [...records.values()].filter((record) => record.target === target);
    for (const record of mine.sort((a, b) => b.openedAt.localeCompare(a.openedAt)))
      yield await Promise.resolve(structuredClone(record));
  },
});
