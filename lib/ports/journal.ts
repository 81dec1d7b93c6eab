import type { ServiceLock } from '../domain/admission.ts';
import type { DeploymentRecord, End, ServiceName } from '../domain/deployment.ts';
import type { TargetOrder } from '../domain/order.ts';
import type { ServicePast } from '../domain/settlement.ts';

/** What a task adds to a deployment's record. */
export type RecordChange = Partial<
  Pick<
    DeploymentRecord,
    | 'found'
    | 'tagging'
    | 'copied'
    | 'registering'
    | 'revision'
    | 'starting'
    | 'started'
    | 'testing'
    | 'shifting'
    | 'succeeded'
    | 'retiring'
    | 'undoing'
  >
>;

/** A service's lock, and the order of one of its targets. */
export interface Queue {
  lock: ServiceLock;
  order: TargetOrder;
}

/** The lock, the order, and what was deployed. Conditional writes only; reads are consistent. */
export interface Journal {
  /** Begins a record; one that is there already stays as it is. */
  open: (record: DeploymentRecord) => Promise<void>;
  read: (deployment: string) => Promise<DeploymentRecord | undefined>;
  /** The lock is read before the order: what freed the lock has by then written the order. */
  queue: (service: ServiceName, target: string) => Promise<Queue>;
  /** Writes what is given of lock and order, both or neither, if they are still as read; false when somebody was faster. */
  writeQueue: (service: ServiceName, target: string, change: Partial<Queue>) => Promise<boolean>;
  /** What each of these targets has come to, as read one after the other; one that nothing is known of is fresh. */
  ordersOf: (targets: readonly string[]) => Promise<ReadonlyMap<string, TargetOrder>>;
  /** The id of the job by which this pipeline was last deployed on the target; 0 by an operator; undefined: never. */
  jobDeployed: (target: string, pipeline: number) => Promise<number | undefined>;
  /** Adds to the record, in one transaction with the check that `holder` holds the service's lock; raises LockLost. */
  note: (record: { deployment: string; service: ServiceName }, holder: string, change: RecordChange) => Promise<void>;
  /**
   * Writes the end, frees the lock or leaves the queue, and moves the target's order, holds and deployed jobs when it was
   * deployed, now or already: all in one transaction. An end that is written already stays. Answers the end that counts.
   */
  settle: (record: DeploymentRecord, holder: string, end: End) => Promise<End>;
  /** What earlier deployments left on this service. */
  past: (service: ServiceName) => Promise<ServicePast>;
}
