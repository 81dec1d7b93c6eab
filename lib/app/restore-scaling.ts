import type { ServiceName } from '../domain/deployment.ts';
import { duringSwap, type ScalableTarget } from '../domain/scaling.ts';
import type { SwapRecord } from '../domain/swap.ts';
import { isOursToRestore } from '../domain/swap-undoing.ts';
import type { Scaling } from '../ports/scaling.ts';

const restore = async (
  scaling: Scaling,
  name: ServiceName,
  to: { target: ScalableTarget; original: ScalableTarget; during: ScalableTarget },
): Promise<void> => {
  const { target: now } = await scaling.of(name);
  if (isOursToRestore(now, to)) await scaling.set(name, to.target);
};

/**
 * Sets both colours' scalable targets back to what Look found; bounds that somebody else set meanwhile stay. Green, if
 * somebody else left traffic on it, gets live's, for it then needs them.
 */
export const restoreScaling = async (scaling: Scaling, record: SwapRecord, greenHasTraffic: boolean): Promise<void> => {
  const { live, idle, scaling: found } = record.found.swap;
  const { cluster } = record.service;
  if (found.live === undefined) return;
  const during = duringSwap(found.live);
  await restore(scaling, { cluster, service: live.service }, { target: found.live, original: found.live, during });
  if (found.idle === undefined) return;
  const target = greenHasTraffic ? found.live : found.idle;
  await restore(scaling, { cluster, service: idle.service }, { target, original: found.idle, during });
};
