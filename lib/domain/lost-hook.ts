import { compareKeys, orderKey, type OrderKey } from './cause.ts';
import { planDeployments, type HookFacts } from './plan-deployments.ts';
import type { Target } from './target.ts';

/** A hook that did not arrive, in our words. */
export interface FailedHook {
  event: number;
  key: string;
  facts: HookFacts;
}

/** One that would have deployed something, and nothing newer is known that would have. */
export interface LostHook {
  event: number;
  key: string;
  /** its cause's place in the order of each of the targets */
  order: OrderKey;
  targets: readonly Target[];
}

/** ms. As long as GitLab's log tells of what it sent. */
const tooOld = 7 * 24 * 3_600_000;

const lostBy = ({ event, key, facts }: FailedHook, targets: readonly Target[], now: Date): LostHook[] => {
  const planned = planDeployments(facts, targets);
  const [first] = planned;
  if (first === undefined || Date.parse(first.cause.finishedAt) < now.getTime() - tooOld) return [];
  return [{ event, key, order: orderKey(first.cause), targets: planned.map(({ target }) => target) }];
};

/**
 * Which of the hooks that failed are worth sending again, the newest cause first: of each target only its newest, for an older one
 * would be outdated by it. None that deploys nothing, and none of more than seven days ago.
 */
export const lostHooks = (failed: readonly FailedHook[], targets: readonly Target[], now: Date): LostHook[] => {
  const told = new Set<Target>();
  const newestFirst = failed
    .flatMap((one) => lostBy(one, targets, now))
    .sort((one, other) => compareKeys(other.order, one.order));
  return newestFirst.flatMap((one) => {
    const newest = one.targets.filter((target) => !told.has(target));
    for (const target of newest) told.add(target);
    return newest.length === 0 ? [] : [{ ...one, targets: newest }];
  });
};
