import { freeLock, release, type ServiceLock } from '../../lib/domain/admission.ts';
import { compareKeys } from '../../lib/domain/cause.ts';
import { serviceLabel, type DeploymentRecord, type End, type ServiceName } from '../../lib/domain/deployment.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import type { Journal, TargetOrder } from '../../lib/ports/journal.ts';

interface LockItem extends ServiceLock {
  deployed?: readonly string[];
}

/** What a journal in memory holds; tests may look at it and change it. */
export interface MemoryJournal extends Journal {
  records: Map<string, DeploymentRecord>;
  locks: Map<string, LockItem>;
  orders: Map<string, TargetOrder>;
}

/** Values go in and come out as they do through DynamoDB: copies, undefined fields left out. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const keptRevisions = 10;

/** The journal's meaning without DynamoDB. Each method is one step, as each transaction is one there. */
export const memoryJournal = (): MemoryJournal => {
  const records = new Map<string, DeploymentRecord>();
  const locks = new Map<string, LockItem>();
  const orders = new Map<string, TargetOrder>();
  const lockOf = (service: ServiceName): LockItem => locks.get(serviceLabel(service)) ?? freeLock;

  const writeLock = (service: ServiceName, lock: LockItem): boolean => {
    if (lockOf(service).version !== lock.version) return false;
    locks.set(serviceLabel(service), copy({ ...lock, version: lock.version + 1 }));
    return true;
  };

  const freed = (record: DeploymentRecord, holder: string, { outcome }: End): LockItem => {
    const lock: LockItem = lockOf(record.service);
    const mine = outcome === 'deployed' && record.revision !== undefined ? [record.revision] : [];
    const others = (lock.deployed ?? []).filter((arn) => arn !== record.revision);
    return {
      ...release(release(lock, holder), record.deployment),
      deployed: [...mine, ...others].slice(0, keptRevisions),
    };
  };

  const moveOrder = ({ target, key }: DeploymentRecord): void => {
    const newest = orders.get(target)?.newestDeployed;
    if (newest === undefined || compareKeys(key, newest) > 0) orders.set(target, { newestDeployed: copy(key) });
  };

  const settled = (record: DeploymentRecord, holder: string, end: End): End => {
    const kept = records.get(record.deployment);
    if (kept === undefined) throw new DeployFailure('AwsUnavailable', 'the journal changed at every try');
    if (kept.end !== undefined) return copy(kept.end);
    records.set(record.deployment, copy({ ...kept, end }));
    writeLock(record.service, freed(record, holder, end));
    if (end.outcome === 'deployed' || end.outcome === 'already deployed') moveOrder(record);
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
