import { compareKeys, type OrderKey } from './cause.ts';

/** One that waits for the service, in its target's only slot. */
export interface Waiter {
  /** the target's label */
  target: string;
  execution: string;
  deployment: string;
  key: OrderKey;
  /** who has the lowest has waited longest; a displaced waiter leaves its ticket to whoever took the slot */
  ticket: number;
}

export interface Holder {
  target: string;
  execution: string;
  deployment: string;
  key: OrderKey;
}

/** The lock of one ECS service. `version` makes every write of it conditional on what was read. */
export interface ServiceLock {
  version: number;
  nextTicket: number;
  holder?: Holder;
  waiters: readonly Waiter[];
}

export type Candidate = Holder;

export type Admission =
  | { state: 'admitted'; lock: ServiceLock }
  | { state: 'waiting'; lock: ServiceLock; behind: string }
  /** `by`: the newer key, while it is still to be seen */
  | { state: 'superseded' | 'outdated'; lock: ServiceLock; by?: OrderKey };

export const freeLock: ServiceLock = { version: 0, nextTicket: 1, waiters: [] };

const without = (lock: ServiceLock, execution: string): ServiceLock => ({
  ...lock,
  waiters: lock.waiters.filter((waiter) => waiter.execution !== execution),
});

const enter = (lock: ServiceLock, me: Candidate, slot: Waiter | undefined): ServiceLock => {
  const ticket = slot?.ticket ?? lock.nextTicket;
  const others = lock.waiters.filter((waiter) => waiter !== slot);
  return { ...lock, nextTicket: Math.max(lock.nextTicket, ticket + 1), waiters: [...others, { ...me, ticket }] };
};

const turn = (lock: ServiceLock, me: Candidate): Admission => {
  const first = [...lock.waiters].sort((a, b) => a.ticket - b.ticket)[0];
  if (lock.holder !== undefined) return { state: 'waiting', lock, behind: lock.holder.execution };
  if (first !== undefined && first.execution !== me.execution)
    return { state: 'waiting', lock, behind: first.execution };
  return { state: 'admitted', lock: { ...without(lock, me.execution), holder: me } };
};

/**
 * Whose turn it is. The lock is per service, order and waiting slot are per target: in a target's slot an equal or
 * newer key displaces the waiter, who learns of it at its next look (`queued`: it has been in the slot before); a
 * free lock goes to the target that has waited longest; what is older than the newest key deployed on its target is
 * outdated.
 */
export const admit = (
  lock: ServiceLock,
  me: Candidate,
  seen: { newestDeployed?: OrderKey; queued: boolean },
): Admission => {
  if (lock.holder?.execution === me.execution) return { state: 'admitted', lock };
  const newest = seen.newestDeployed;
  if (newest !== undefined && compareKeys(me.key, newest) < 0) {
    return { state: 'outdated', lock: without(lock, me.execution), by: newest };
  }
  const slot = lock.waiters.find((waiter) => waiter.target === me.target);
  if (slot?.execution === me.execution) return turn(lock, me);
  if (slot !== undefined && compareKeys(slot.key, me.key) > 0) return { state: 'superseded', lock, by: slot.key };
  const displacer = slot ?? (lock.holder?.target === me.target ? lock.holder : undefined);
  if (seen.queued) return { state: 'superseded', lock, ...(displacer === undefined ? {} : { by: displacer.key }) };
  return turn(enter(lock, me, slot), me);
};

/** The lock once `execution` neither holds it nor waits for it. */
export const release = (lock: ServiceLock, execution: string): ServiceLock => {
  const { holder, ...free } = without(lock, execution);
  return holder === undefined || holder.execution === execution ? free : { ...free, holder };
};

/** The lock, moved from a dead holder to the execution that cleans up after it; undefined when `dead` does not hold it. */
export const takeOver = (lock: ServiceLock, dead: string, execution: string): ServiceLock | undefined =>
  lock.holder?.execution === dead || lock.holder?.execution === execution
    ? { ...without(lock, dead), holder: { ...lock.holder, execution } }
    : undefined;
