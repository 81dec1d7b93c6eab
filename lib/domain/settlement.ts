import { release, type ServiceLock } from './admission.ts';
import type { DeploymentRecord, End } from './deployment.ts';

const keptRevisions = 10;

/** The lock as the journal keeps it, with what was deployed under it. */
export interface JournalledLock extends ServiceLock {
  /** revisions deployed with success, newest first, at most ten */
  deployed?: readonly string[];
}

/** The lock once the deployment has ended: neither held nor waited for by it, and its revision remembered if it was deployed. */
export const settledLock = (
  lock: JournalledLock,
  { record, holder }: { record: DeploymentRecord; holder: string },
  { outcome }: End,
): JournalledLock => {
  const mine = outcome === 'deployed' && record.revision !== undefined ? [record.revision] : [];
  const others = (lock.deployed ?? []).filter((arn) => arn !== record.revision);
  const freed = release(release(lock, holder), record.deployment);
  return { ...freed, deployed: [...mine, ...others].slice(0, keptRevisions) };
};
