import type { CopiedLayer, CopyJournal, UploadProgress } from '../../lib/ports/copy-journal.ts';

/** What a copy's journal in memory holds, by `<copy>` and `<copy>#<digest>`; tests may look at it. */
export interface MemoryCopyJournal extends CopyJournal {
  begun: Map<string, readonly CopiedLayer[]>;
  progress: Map<string, UploadProgress>;
}

export const memoryCopyJournal = (): MemoryCopyJournal => {
  const begun = new Map<string, readonly CopiedLayer[]>();
  const progress = new Map<string, UploadProgress>();
  return {
    begun,
    progress,
    begin: async (copy, layers) => {
      begun.set(copy, structuredClone(layers));
      return Promise.resolve();
    },
    layers: async (copy) => Promise.resolve(structuredClone(begun.get(copy) ?? [])),
    uploads: async (copy, digests) => {
      const known = digests.flatMap((digest) => {
        const found = progress.get(`${copy}#${digest}`);
        return found === undefined ? [] : [[digest, { ...found }] as const];
      });
      return Promise.resolve(new Map(known));
    },
    save: async (copy, digest, { uploadId, partSize, next }) => {
      const kept = progress.get(`${copy}#${digest}`);
      if (kept !== undefined && kept.uploadId !== uploadId) return Promise.resolve({ ...kept });
      progress.set(`${copy}#${digest}`, { uploadId, partSize, next });
      return Promise.resolve(undefined);
    },
    forget: async (copy, digest, { uploadId }) => {
      if (progress.get(`${copy}#${digest}`)?.uploadId === uploadId) progress.delete(`${copy}#${digest}`);
      return Promise.resolve();
    },
  };
};
