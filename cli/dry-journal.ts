import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import type { Journal } from '../lib/ports/journal.ts';

/** What is asked of the journal when nothing is to be deployed. */
type Kept = { record: () => DeploymentRecord | undefined };

const never = (): never => {
  throw new Error('a plan writes nothing, and asks for no other target');
};

/**
 * A journal for one deployment that does not take place: its record is kept here alone, and what earlier deployments left is read
 * from the real journal.
 */
export const dryJournal = (real: Pick<Journal, 'past' | 'queue' | 'jobDeployed'>): Journal & Kept => {
  let kept: DeploymentRecord | undefined;
  return {
    record: () => kept,
    open: (record) => {
      kept = record;
      return Promise.resolve();
    },
    read: () => Promise.resolve(kept),
    note: (_record, _holder, change) => {
      if (kept !== undefined) kept = { ...kept, ...change };
      return Promise.resolve();
    },
    past: real.past,
    queue: real.queue,
    jobDeployed: real.jobDeployed,
    ordersOf: never,
    writeQueue: never,
    settle: never,
  };
};
