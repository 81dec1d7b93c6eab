import { release, type ServiceLock } from './admission.ts';
import type { DeploymentRecord, End } from './deployment.ts';
import type { ScalableTarget } from './scaling.ts';

const keptRevisions = 10;

/** What earlier deployments left on a service. */
export interface ServicePast {
  /** revisions deployed with success, newest first, at most ten */
  deployed: readonly string[];
  /** the revision that the latest deployment was to be taken back to when that failed: its rollout may hang there still */
  failedUndoTo?: string;
  /** live's scalable target before the latest swap of colours, which did not put it back: it may be held still */
  heldScaling?: ScalableTarget;
}

/** The lock as the journal keeps it, with the service's past. */
export type JournalledLock = ServiceLock & Partial<ServicePast>;

export const pastOf = ({ deployed = [], failedUndoTo, heldScaling }: JournalledLock): ServicePast => ({
  deployed,
  ...(failedUndoTo === undefined ? {} : { failedUndoTo }),
  ...(heldScaling === undefined ? {} : { heldScaling }),
});

/** Undo that failed and Retire that was refused may have left both colours' scaling as it is during a swap. */
const scalingAfter = (
  lock: JournalledLock,
  { found }: DeploymentRecord,
  end: End,
): Pick<ServicePast, 'heldScaling'> => {
  const isOpen = end.failure === 'UndoFailed' || end.warning === 'RetireIncomplete';
  const isPutBack = end.outcome === 'deployed' || end.undo === 'undone';
  const held = isOpen ? (found?.swap?.scaling.live ?? lock.heldScaling) : isPutBack ? undefined : lock.heldScaling;
  return held === undefined ? {} : { heldScaling: held };
};

const withPast = (lock: JournalledLock, record: DeploymentRecord, end: End): JournalledLock => {
  const { failedUndoTo, deployed } = pastOf(lock);
  const { version, nextTicket, holder, waiters } = lock;
  const place = { version, nextTicket, waiters, ...(holder === undefined ? {} : { holder }) };
  const mine = end.outcome === 'deployed' && record.revision !== undefined ? [record.revision] : [];
  const others = deployed.filter((arn) => arn !== record.revision);
  const hangs = end.failure === 'UndoFailed' ? record.found?.before : failedUndoTo;
  const past = end.outcome === 'deployed' || hangs === undefined ? {} : { failedUndoTo: hangs };
  return {
    ...place,
    deployed: [...mine, ...others].slice(0, keptRevisions),
    ...past,
    ...scalingAfter(lock, record, end),
  };
};

/**
 * The lock once the deployment has ended: neither held nor waited for by it, whichever of its executions that was, and
 * its part of the service's past remembered. A stopped execution's last Lambda may write the end while the recovery
 * holds the lock, and an end is written once.
 */
export const settledLock = (
  lock: JournalledLock,
  { record, holder }: { record: DeploymentRecord; holder: string },
  end: End,
): JournalledLock => {
  const held = lock.holder?.deployment === record.deployment ? lock.holder.execution : holder;
  return withPast(release(release(lock, held), record.deployment), record, end);
};
