import { acceptedBy, type AcceptedBy, type VersionHistory } from '../../secrets/accepted-by.ts';
import type { SentHook } from '../../secrets/hook-stream.ts';

/** What became of a hook: by which version it was accepted, or that it was refused. */
export type Fate = AcceptedBy | 'refused';

export type HookCounts = Record<Fate, number>;

/** ms of real time for which a door may go on with what it has read: 3 s of its cache, 4 s of quiet after a read. */
export const doorsLag = 7_000;

const accepted = ({ status }: SentHook): boolean => status === 200 || status === 202;

export const fateOf = (hook: SentHook, history: VersionHistory): Fate =>
  accepted(hook) ? acceptedBy(history, hook.fingerprints, { at: hook.sentAt, within: doorsLag }) : 'refused';

export const hookCounts = (sent: readonly SentHook[], history: VersionHistory): HookCounts => {
  const counts = { AWSCURRENT: 0, AWSPENDING: 0, 'an older version': 0, 'no version': 0, refused: 0 };
  for (const hook of sent) counts[fateOf(hook, history)] += 1;
  return counts;
};
