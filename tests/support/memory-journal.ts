import { freeLock } from '../../lib/domain/admission.ts';
import { serviceLabel, type DeploymentRecord, type End, type ServiceName } from '../../lib/domain/deployment.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { movesOrder, settledLock, type JournalledLock } from '../../lib/domain/settlement.ts';
import type { Journal, TargetOrder } from '../../lib/ports/journal.ts';

/** What a journal in memory holds; tests may look at it and change it. */
export interface MemoryJournal extends Journal {
  records: Map<string, DeploymentRecord>;
  locks: Map<string, JournalledLock>;
  orders: Map<string, TargetOrder>;
}

/** Values go in and come out as they do through DynamoDB: copies, undefined fields left out. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The journal's meaning without DynamoDB. Each method is one step, as each transaction is one there. */
export const memoryJournal = (): MemoryJournal => {
  const records = new Map<string, DeploymentRecord>();
  const locks = new Map<string, JournalledLock>();
  const orders = new Map<string, TargetOrder>();
  const lockOf = (service: ServiceName): JournalledLock => locks.get(serviceLabel(service)) ?? freeLock;

  const writeLock = (service: ServiceName, lock: JournalledLock): boolean => {
    if (lockOf(service).version !== lock.version) return false;
    locks.set(serviceLabel(service), copy({ ...lock, version: lock.version + 1 }));
    return true;
  };

  const settled = (record: DeploymentRecord, holder: string, end: End): End => {
    const kept = records.get(record.deployment);
    if (kept === undefined) throw new DeployFailure('AwsUnavailable', 'the journal changed at every try');
    if (kept.end !== undefined) return copy(kept.end);
    records.set(record.deployment, copy({ ...kept, end }));
    writeLock(record.service, settledLock(lockOf(record.service), { record, holder }, end));
    if (movesOrder(record, end, orders.get(record.target)?.newestDeployed))
      orders.set(record.target, { newestDeployed: copy(record.key) });
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
    open: async (record) => {
      if (!records.has(record.deployment)) records.set(record.deployment, copy(record));
      return Promise.resolve();
    },
    read: async (deployment) => {
      const record = records.get(deployment);
      return Promise.resolve(record === undefined ? undefined : copy(record));
    },
    queue: async (service, target) => Promise.resolve(copy({ lock: lockOf(service), order: orders.get(target) ?? {} })),
    writeLock: async (service, lock) => Promise.resolve(writeLock(service, lock)),
    note: async (record, holder, change) => {
      await Promise.resolve();
      const kept = noted(record, holder);
      records.set(record.deployment, copy({ ...kept, ...change } as DeploymentRecord));
    },
    settle: async (record, holder, end) => {
      await Promise.resolve();
      return settled(record, holder, end);
    },
    deployedRevisions: async (service) => Promise.resolve([...(lockOf(service).deployed ?? [])]),
  };
};

/** A journal in which the record is open and its own execution holds the lock. */
export const journalHolding = (record: DeploymentRecord): MemoryJournal => {
  const journal = memoryJournal();
  const { deployment, target, key, service } = record;
  journal.records.set(deployment, copy(record));
  const holder = { execution: deployment, deployment, target, key };
  journal.locks.set(serviceLabel(service), { ...freeLock, version: 1, nextTicket: 2, holder });
  return journal;
};
