import { setTimeout as sleep } from 'node:timers/promises';
import type { CopyJournal } from '../../lib/ports/copy-journal.ts';
import { copyGist, copyLines, layersSoFar, type CopySight, type LayerProgress } from '../../cli/copy-progress.ts';

/** Who knows of copies: the journal, as for whoever runs this, and ECR, for which layers it has. */
export interface CopyWitnesses {
  copies: Pick<CopyJournal, 'layers' | 'uploads'>;
  layersInEcr: () => readonly string[];
}

/** A copy under way, looked at again and again. */
export interface CopyWatch {
  lines: () => string[];
  gist: () => string;
  /** Looks a last time: what had come when it ended. Raises why it could not be looked at. */
  stop: (ended: Date) => Promise<string[]>;
}

const lookEvery = 100; // ms of real time: as often as the screen is drawn

/** ECR after the journal: a layer whose upload is over in the journal is in ECR by then. */
const look = async ({ copies, layersInEcr }: CopyWitnesses, copy: string): Promise<CopySight> => {
  const layers = await copies.layers(copy);
  const digests = layers.filter(({ present }) => !present).map(({ digest }) => digest);
  const uploads = await copies.uploads(copy, digests);
  return { layers, uploads, inEcr: new Set(layersInEcr()) };
};

/** Watches a copy, by its name in the journal, until it is stopped. */
export const watchCopy = (witnesses: CopyWitnesses, { name, begun }: { name: string; begun: Date }): CopyWatch => {
  let seen: LayerProgress[] = [];
  let stopped = false;

  const update = async (latest = Infinity): Promise<void> => {
    const sight = await look(witnesses, name);
    seen = layersSoFar(sight, seen, (Math.min(Date.now(), latest) - begun.getTime()) / 1000);
  };
  const watch = async (): Promise<void> => {
    while (!stopped) {
      await update();
      await sleep(lookEvery);
    }
  };
  const watching = watch();
  // Raised where it is stopped.
  watching.catch(() => undefined);

  return {
    lines: () => copyLines(seen),
    gist: () => copyGist(seen),
    stop: async (ended) => {
      stopped = true;
      await watching;
      await update(ended.getTime());
      return copyLines(seen);
    },
  };
};
