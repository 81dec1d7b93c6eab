import { startRehearsal, type Rehearsal } from '../rehearsal.ts';
import { ensureVenv } from '../venv.ts';
import type { Narrator } from './narrator.ts';

/** Told how to end what was opened, as soon as it is there. */
export type Opened = (close: () => Promise<unknown>) => void;

/** Starts the local world, and tells of it. */
export const startWorld = async (narrator: Narrator, opened: Opened): Promise<Rehearsal> => {
  narrator.going({ part: 'Python', name: 'Python', does: 'packages of the local AWS; fetched the first time' });
  await ensureVenv();
  let part = 'World';
  const rehearsal = await startRehearsal({
    step: (what) => {
      narrator.going({ part, name: part, does: what });
      part = 'Deploy';
    },
  });
  opened(() => rehearsal.close());
  return rehearsal;
};
