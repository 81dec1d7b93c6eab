import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { commitWords } from './deployment-words.ts';
import type { RollbackOutput } from './rollback.ts';

const words = (record: DeploymentRecord): string =>
  `${record.deployment} (${[commitWords(record), record.openedAt.slice(0, 16).replace('T', ' ')].filter((part) => part !== '').join(', ')})`;

/** What goes back to what; said before it is followed. */
export const wayLines = ({ from, to }: Pick<RollbackOutput, 'from' | 'to'>): string[] => {
  if (to === undefined) return [];
  return [`going back ${from === undefined ? '' : `from ${words(from)} `}to ${words(to)}; the target is then held`];
};
