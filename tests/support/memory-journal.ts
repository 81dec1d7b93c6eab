import { freeLock, type Candidate } from '../../lib/domain/admission.ts';
import { serviceLabel, type DeploymentRecord, type End, type ServiceName } from '../../lib/domain/deployment.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { deployedJob, freshOrder, settledOrder, type DeployedJob, type TargetOrder } from '../../lib/domain/order.ts';
import { pastOf, settledLock, type JournalledLock } from '../../lib/domain/settlement.ts';
import type { Journal, Queue } from '../../lib/ports/journal.ts';

/** What a journal in memory holds; tests may look at it and change it. */
export interface MemoryJournal extends Journal {
  records: Map<string, DeploymentRecord>;
  locks: Map<string, JournalledLock>;
  orders: Map<string, TargetOrder>;
  /** `<target>#<pipeline>` → the job by which it was last deployed */
  jobs: Map<string, number>;
}

/** Values go in and come out as they do through DynamoDB: copies, undefined fields left out. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The journal's meaning without DynamoDB. Each method is one step, as each transaction is one there. */
export const memoryJournal = (): MemoryJournal => {
  const records = new Map<string, DeploymentRecord>();
  const locks = new Map<string, JournalledLock>();
  const orders = new Map<string, TargetOrder>();
  const jobs = new Map<string, number>();
  const lockOf = (service: ServiceName): JournalledLock => locks.get(serviceLabel(service)) ?? freeLock;

  const orderOf = (target: string): TargetOrder => orders.get(target) ?? freshOrder;

  const writeQueue = (service: ServiceName, target: string, { lock, order }: Partial<Queue>): boolean => {
    if (lock !== undefined && lockOf(service).version !== lock.version) return false;
    if (order !== undefined && orderOf(target).version !== order.version) return false;
    if (lock !== undefined) locks.set(serviceLabel(service), copy({ ...lock, version: lock.version + 1 }));
    if (order !== undefined) orders.set(target, copy({ ...order, version: order.version + 1 }));
    return true;
  };

  const rememberJob = ({ target }: DeploymentRecord, deployed: DeployedJob | undefined): void => {
    if (deployed === undefined) return;
    const key = `${target}#${deployed.pipeline}`;
    jobs.set(key, deployed.job === 0 ? (jobs.get(key) ?? 0) : deployed.job);
  };

  const settled = (record: DeploymentRecord, holder: string, end: End): End => {
    const kept = records.get(record.deployment);
    if (kept === undefined) throw new DeployFailure('AwsUnavailable', 'the journal changed at every try');
    if (kept.end !== undefined) return copy(kept.end);
    records.set(record.deployment, copy({ ...kept, end }));
    const order = settledOrder(orderOf(record.target), record, end);
    const lock = settledLock(lockOf(record.service), { record, holder }, end);
    writeQueue(record.service, record.target, { lock, ...(order === undefined ? {} : { order }) });
    rememberJob(record, deployedJob(record, end));
    return end;
  };

  const noted = ({ deployment, service }: Pick<DeploymentRecord, 'deployment' | 'service'>, holder: string) => {
    if (lockOf(service).holder?.execution !== holder)
      throw new DeployFailure('LockLost', 'this execution does not hold the lock of the service');
    return records.get(deployment);
  };

  // async throughout, so that what it raises is a rejection, as an adapter's is
  return {
    records,
    locks,
    orders,
    jobs,
    open: async (record) => {
      if (!records.has(record.deployment)) records.set(record.deployment, copy(record));
      return Promise.resolve();
    },
    read: async (deployment) => {
      const record = records.get(deployment);
      return Promise.resolve(record === undefined ? undefined : copy(record));
    },
    queue: async (service, target) => Promise.resolve(copy({ lock: lockOf(service), order: orderOf(target) })),
    writeQueue: async (service, target, change) => Promise.resolve(writeQueue(service, target, change)),
    ordersOf: async (targets) => Promise.resolve(new Map(targets.map((target) => [target, copy(orderOf(target))]))),
    jobDeployed: async (target, pipeline) => Promise.resolve(jobs.get(`${target}#${pipeline}`)),
    note: async (record, holder, change) => {
      await Promise.resolve();
      const kept = noted(record, holder);
      records.set(record.deployment, copy({ ...kept, ...change } as DeploymentRecord));
    },
    settle: async (record, holder, end) => {
      await Promise.resolve();
      return settled(record, holder, end);
    },
    past: async (service) => Promise.resolve(copy(pastOf(lockOf(service)))),
  };
};

/** The record's own execution, in its target's order. */
export const candidateOf = ({ deployment, target, key, askedAt, openedAt }: DeploymentRecord): Candidate => ({
  execution: deployment,
  deployment,
  target,
  key,
  precedence: 'order',
  askedAt,
  since: openedAt,
});

/** A journal in which the record is open and its own execution holds the lock. */
export const journalHolding = (record: DeploymentRecord): MemoryJournal => {
  const journal = memoryJournal();
  journal.records.set(record.deployment, copy(record));
  const holder = candidateOf(record);
  journal.locks.set(serviceLabel(record.service), { ...freeLock, version: 1, nextTicket: 2, holder });
  return journal;
};
