import { release, type ServiceLock } from './admission.ts';
import type { DeploymentRecord, End } from './deployment.ts';

const keptRevisions = 10;

/** The lock as the journal keeps it, with what was deployed under it. */
export interface JournalledLock extends ServiceLock {
  /** revisions deployed with success, newest first, at most ten */
  deployed?: readonly string[];
}

/**
 * The lock once the deployment has ended: neither held nor waited for by it, whichever of its executions that was, and
 * its revision remembered if it was deployed. A stopped execution's last Lambda may write the end while the recovery
 * holds the lock, and an end is written once.
 */
export const settledLock = (
  lock: JournalledLock,
  { record, holder }: { record: DeploymentRecord; holder: string },
  { outcome }: End,
): JournalledLock => {
  const mine = outcome === 'deployed' && record.revision !== undefined ? [record.revision] : [];
  const others = (lock.deployed ?? []).filter((arn) => arn !== record.revision);
  const held = lock.holder?.deployment === record.deployment ? lock.holder.execution : holder;
  const freed = release(release(lock, held), record.deployment);
  return { ...freed, deployed: [...mine, ...others].slice(0, keptRevisions) };
};
