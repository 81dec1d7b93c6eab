import type { ServiceLock } from '../domain/admission.ts';
import type { OrderKey } from '../domain/cause.ts';
import type { DeploymentRecord, End, ServiceName } from '../domain/deployment.ts';

/** What a task adds to a deployment's record. */
export type RecordChange = Partial<
  Pick<DeploymentRecord, 'found' | 'registering' | 'revision' | 'starting' | 'started' | 'undoing'>
>;

/** What one target has come to. */
export interface TargetOrder {
  newestDeployed?: OrderKey;
}

/** The lock, the order, and what was deployed. Conditional writes only; reads are consistent. */
export interface Journal {
  /** Begins a record; one that is there already stays as it is. */
  open: (record: DeploymentRecord) => Promise<void>;
  read: (deployment: string) => Promise<DeploymentRecord | undefined>;
  /** The lock is read before the order: what freed the lock has by then written the order. */
  queue: (service: ServiceName, target: string) => Promise<{ lock: ServiceLock; order: TargetOrder }>;
  /** Writes the lock if it is still the version that was read; false when somebody was faster. */
  writeLock: (service: ServiceName, lock: ServiceLock) => Promise<boolean>;
  /** Adds to the record, in one transaction with the check that `holder` holds the service's lock; raises LockLost. */
  note: (record: { deployment: string; service: ServiceName }, holder: string, change: RecordChange) => Promise<void>;
  /**
   * Writes the end, frees the lock or leaves the queue, and moves the target's order when it was deployed, now or
   * already: all in one transaction. An end that is written already stays. Answers the end that counts.
   */
  settle: (record: DeploymentRecord, holder: string, end: End) => Promise<End>;
  /** Revisions that were deployed with success on this service, newest first, at most ten. */
  deployedRevisions: (service: ServiceName) => Promise<string[]>;
}
