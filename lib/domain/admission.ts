import { compareKeys, type OrderKey } from './cause.ts';
import type { Precedence } from './order.ts';

/** A deployment that holds a service, or would. */
export interface Candidate {
  /** the target's label */
  target: string;
  execution: string;
  deployment: string;
  key: OrderKey;
  precedence: Precedence;
  /** when GitLab finished the cause, or the operator asked; ISO 8601 */
  askedAt: string;
  /** since when this execution has its place; ISO 8601, real time */
  since: string;
}

/** One that waits for the service, in its target's only slot. */
export interface Waiter extends Candidate {
  /** who has the lowest has waited longest; a displaced waiter leaves its ticket to whoever took the slot */
  ticket: number;
}

/** The lock of one ECS service. `version` makes every write of it conditional on what was read. */
export interface ServiceLock {
  version: number;
  nextTicket: number;
  holder?: Candidate;
  waiters: readonly Waiter[];
}

export type Admission =
  | { state: 'admitted'; lock: ServiceLock }
  | { state: 'waiting'; lock: ServiceLock; behind: Candidate }
  /** `by`: who has the slot, while that is still to be seen */
  | { state: 'superseded'; lock: ServiceLock; by?: Candidate };

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
  if (lock.holder !== undefined) return { state: 'waiting', lock, behind: lock.holder };
  if (first !== undefined && first.execution !== me.execution) return { state: 'waiting', lock, behind: first };
  return { state: 'admitted', lock: { ...without(lock, me.execution), holder: me } };
};

/**
 * Whether a newcomer takes its target's slot from who waits in it. In order, an equal or newer key does. A person's
 * word, a rollback or an operator's, gives way to what was asked after it and to nothing else; an operator always has the slot.
 */
const displaces = (me: Candidate, slot: Candidate): boolean => {
  if (me.precedence === 'operator') return true;
  if (me.precedence === 'order' && slot.precedence === 'order') return compareKeys(slot.key, me.key) <= 0;
  return Date.parse(me.askedAt) > Date.parse(slot.askedAt);
};

/**
 * Whose turn it is. The lock is per service, the waiting slot per target: who is displaced from it learns of that at
 * its next look (`queued`: it has been in the slot before). A free lock goes to the target that has waited longest.
 */
export const admit = (lock: ServiceLock, me: Candidate, queued: boolean): Admission => {
  if (lock.holder?.execution === me.execution) return { state: 'admitted', lock };
  const slot = lock.waiters.find((waiter) => waiter.target === me.target);
  if (slot?.execution === me.execution) return turn(lock, me);
  if (slot !== undefined && !displaces(me, slot)) return { state: 'superseded', lock, by: slot };
  const displacer = slot ?? (lock.holder?.target === me.target ? lock.holder : undefined);
  if (queued) return { state: 'superseded', lock, ...(displacer === undefined ? {} : { by: displacer }) };
  return turn(enter(lock, me, slot), me);
};

/** The lock once `execution` neither holds it nor waits for it. */
export const release = (lock: ServiceLock, execution: string): ServiceLock => {
  const { holder, ...free } = without(lock, execution);
  return holder === undefined || holder.execution === execution ? free : { ...free, holder };
};

/**
 * The lock, moved from the dead execution that holds it for this deployment to the one that cleans up after it;
 * undefined when nobody holds it for this deployment.
 */
export const takeOver = (
  lock: ServiceLock,
  deployment: string,
  heir: { execution: string; since: string },
): ServiceLock | undefined =>
  lock.holder?.deployment === deployment
    ? { ...without(lock, deployment), holder: { ...lock.holder, ...heir } }
    : undefined;
