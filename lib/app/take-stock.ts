import { judgeRollout } from '../domain/rollout.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import { recordOf } from './record-of.ts';

export interface Stock {
  /** what a dead deployment came to: it is settled as deployed, the old colour retired, or undone */
  next: 'settle' | 'retire' | 'undo';
  because: string;
}

/** Looks at what a dead execution left: when its rollout completed all the same it is settled as deployed, else it is undone. */
export const takeStock =
  ({ fleet, journal }: { fleet: Fleet; journal: Journal }) =>
  async ({ deployment }: { deployment: string }): Promise<Stock> => {
    const { found, starting, succeeded, blueGreen, service: name } = await recordOf(journal, deployment);
    if (found === undefined || starting === undefined) return { next: 'undo', because: 'it died before it wrote' };
    if (succeeded !== undefined) return { next: 'retire', because: 'it died, and green had proved itself before' };
    if (blueGreen !== undefined) return { next: 'undo', because: 'it died before green had proved itself' };
    const service = await fleet.service(name);
    const mine = { revision: starting.revision, idsBefore: found.idsBefore };
    const state = service === undefined ? 'unseen' : judgeRollout(service, mine).state;
    return state === 'completed'
      ? { next: 'settle', because: 'it died, and its rollout completed all the same' }
      : { next: 'undo', because: `it died while its rollout was ${state}` };
  };
