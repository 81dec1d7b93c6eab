import type { ReconcileCursor } from '../../lib/ports/reconcile-cursor.ts';

export interface MemoryReconcileCursor extends ReconcileCursor {
  /** each project that was written, in turn */
  written: number[];
}

export const memoryReconcileCursor = (): MemoryReconcileCursor => {
  const written: number[] = [];
  return {
    written,
    read: async () => Promise.resolve(written.at(-1)),
    write: async (project) => {
      written.push(project);
      return Promise.resolve();
    },
  };
};
