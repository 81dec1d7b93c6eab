import { duringSwap } from '../domain/scaling.ts';
import { serviceOf, type SwapRecord } from '../domain/swap.ts';
import type { Scaling } from '../ports/scaling.ts';
import { setBounds } from './set-bounds.ts';

/**
 * Sets both colours' scalable targets back to what Look found; bounds that somebody else set meanwhile stay. Green, if
 * it keeps traffic, gets live's, for it then needs them; of a green that somebody deleted AWS would refuse any.
 */
export const restoreScaling = async (
  scaling: Scaling,
  record: SwapRecord,
  green: { hasTraffic: boolean; isThere: boolean },
): Promise<void> => {
  const { live, idle, scaling: found } = record.found.swap;
  if (found.live === undefined) return;
  const during = duringSwap(found.live);
  await setBounds(scaling, serviceOf(record, live), { to: found.live, before: [during] });
  if (found.idle === undefined || !green.isThere) return;
  const to = green.hasTraffic ? found.live : found.idle;
  await setBounds(scaling, serviceOf(record, idle), { to, before: [found.idle, during] });
};
