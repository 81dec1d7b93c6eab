import { takeOver as move } from '../domain/admission.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import type { Journal } from '../ports/journal.ts';
import { recordOf } from './record-of.ts';

export type TakeOverOutput = { deployment: string; target: string } & (
  | { state: 'taken'; because: string }
  /** it has an end, or never held the lock and wrote nothing */
  | { state: 'over' | 'idle'; because: string }
);

const tries = 5;

const died = (record: DeploymentRecord) => ({ deployment: record.deployment, target: record.target });

/**
 * Moves the lock from a dead execution to this one, in one conditional write. Raises LockLost when the dead one wrote
 * to the service and somebody else holds the lock already: then that one cleans up.
 */
export const takeOver =
  ({ journal }: { journal: Journal }) =>
  async ({ execution, resume }: { execution: string; resume: string }): Promise<TakeOverOutput> => {
    const record = await recordOf(journal, resume);
    if (record.end !== undefined) return { ...died(record), state: 'over', because: 'it has ended' };
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const { lock } = await journal.queue(record.service, record.target);
      const moved = move(lock, resume, execution);
      if (moved === undefined && record.starting === undefined)
        return { ...died(record), state: 'idle', because: 'it died before its turn' };
      if (moved === undefined) throw new DeployFailure('LockLost', 'somebody else took the lock over');
      if (await journal.writeLock(record.service, moved))
        return { ...died(record), state: 'taken', because: 'the lock was taken over' };
    }
    throw new DeployFailure('AwsUnavailable', 'the lock changed at every try');
  };
