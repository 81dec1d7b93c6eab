import { orderKey, type OrderKey, type TagCause } from './cause.ts';

/** A tag that the registry itself vouches for. */
export interface TagConfirmation {
  digest: string;
  /** when it was pushed, or the operator asked; ISO 8601 */
  askedAt: string;
  key: OrderKey;
}

export type TagVerdict =
  { state: 'confirmed'; confirmation: TagConfirmation } | { state: 'superseded'; because: string };

/** Whether the repository is the project's own: only then do the project's rules protect its tags. Paths in the registry are in lower case. */
export const isOwnRepository = (projectPath: string, repository: string): boolean => {
  const path = projectPath.toLowerCase();
  return repository === path || repository.startsWith(`${path}/`);
};

/**
 * Holds what the tag names now against the cause. An image that was pushed over meanwhile is not deployed: the event of
 * the one that is there comes as well. A time to come counts as now: else a clock that is ahead, or a forged event, would
 * make everything after it look old.
 */
export const judgeTag = (cause: TagCause, digest: string, now: Date): TagVerdict => {
  if (cause.kind === 'operator') return { state: 'confirmed', confirmation: { digest, askedAt: cause.at, key: [] } };
  if (digest !== cause.digest) return { state: 'superseded', because: 'the tag names another image by now' };
  const pushedAt = new Date(Math.min(Date.parse(cause.pushedAt), now.getTime())).toISOString();
  return { state: 'confirmed', confirmation: { digest, askedAt: pushedAt, key: orderKey({ ...cause, pushedAt }) } };
};
