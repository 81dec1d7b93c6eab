import { heldOrder, releasedOrder, type Hold, type TargetOrder } from '../lib/domain/order.ts';
import { targetLabel, type TargetId } from '../lib/domain/target.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { Journal } from '../lib/ports/journal.ts';
import type { Targets } from '../lib/ports/targets.ts';

export interface HoldPorts {
  targets: Pick<Targets, 'find'>;
  journal: Pick<Journal, 'queue' | 'writeQueue'>;
  caller: () => Promise<string>;
  clock: Clock;
}

/** `before` and `now`: the hold that there was, and that there is. `unchanged`: it was so already. */
export type HoldOutput = { target: string } & (
  | { state: 'held' | 'released' | 'unchanged'; before?: Hold | undefined; now?: Hold | undefined }
  | { state: 'refused'; because: string }
);

const tries = 5;

const sameHold = (one: Hold | undefined, other: Hold | undefined): boolean =>
  one?.kind === other?.kind && one?.since === other?.since && one?.by === other?.by;

/**
 * Writes a target's hold, while deployments go on writing the same item. What it changes is the hold that was read first: another's
 * that comes between is not touched.
 */
const changeHold = async (
  { targets, journal }: HoldPorts,
  id: TargetId,
  change: (order: TargetOrder) => TargetOrder,
): Promise<HoldOutput> => {
  const target = targetLabel(id);
  const found = await targets.find(id);
  if (found === undefined) return { target, state: 'refused', because: `there is no target ${target}` };
  if ('problems' in found)
    return { target, state: 'refused', because: 'the target cannot be used, and deploys nothing' };
  let first: TargetOrder | undefined;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { order } = await journal.queue(found, target);
    first ??= order;
    if (!sameHold(first.hold, order.hold))
      return { target, state: 'refused', because: 'somebody else changes its hold' };
    const next = change(order);
    if (next === order) return { target, state: 'unchanged', before: order.hold, now: order.hold };
    const state = next.hold === undefined ? 'released' : 'held';
    if (await journal.writeQueue(found, target, { order: next }))
      return { target, state, before: order.hold, now: next.hold };
  }
  return { target, state: 'refused', because: 'its item in the journal changed at every try' };
};

/**
 * Holds a target until it is released: nothing but an operator's word deploys it. Who holds it already goes on holding it; a
 * rollback's hold becomes one that stays. Raises AwsUnavailable, AwsRefused.
 */
export const hold =
  (ports: HoldPorts) =>
  async ({ target, because }: { target: TargetId; because?: string | undefined }): Promise<HoldOutput> => {
    const since = `${ports.clock().toISOString().slice(0, 19)}Z`;
    const mine: Hold = {
      kind: 'explicit',
      since,
      by: await ports.caller(),
      ...(because === undefined ? {} : { because }),
    };
    return changeHold(ports, target, (order) => heldOrder(order, mine));
  };

/** Ends a target's hold, of either kind. Raises AwsUnavailable, AwsRefused. */
export const release =
  (ports: HoldPorts) =>
  async ({ target }: { target: TargetId }): Promise<HoldOutput> =>
    changeHold(ports, target, releasedOrder);
