import type { UndoResult } from './deployment.ts';
import { ourRollout, primary, type ServiceState } from './rollout.ts';
import { allGreen, isOurs, type SwapRecord } from './swap.ts';
import { sameWeights, type Weights } from './traffic.ts';

export type RouteStep =
  /** traffic is where it was before */
  | { do: 'nothing' }
  /** somebody else's weights are in force */
  | { do: 'leave' }
  | { do: 'route'; to: Weights }
  /** where it was before nobody would answer, but green would */
  | { do: 'rescue'; to: Weights };

/** What stands: the two groups' weights (undefined: the point no longer divides traffic between them), and healthy targets. */
export interface TrafficSight {
  weights: Weights | undefined;
  healthy: { live: number; green: number };
}

/**
 * Whether traffic has to go back. The first look writes the old weights also where they seem to be in force: a read may
 * lag behind a shift whose answer was lost.
 */
export const routeBack = (record: SwapRecord, { weights, healthy }: TrafficSight, isFirstLook: boolean): RouteStep => {
  const { shifting, found } = record;
  if (weights === undefined || !isOurs(record, weights, shifting?.step ?? -1)) return { do: 'leave' };
  const home = found.swap.weights;
  if (shifting === undefined || (sameWeights(weights, home) && !isFirstLook)) return { do: 'nothing' };
  if (healthy.live === 0 && healthy.green > 0) return { do: 'rescue', to: allGreen(record) };
  return { do: 'route', to: home };
};

export type GreenStep =
  { do: 'nothing'; result: UndoResult } | { do: 'shrink' } | /** what we announced may yet come to be */ { do: 'wait' };

const idle = (record: SwapRecord, certain: boolean): GreenStep =>
  certain || record.starting === undefined ? { do: 'nothing', result: 'nothing written' } : { do: 'wait' };

/** Its count is what we asked for, or what scale-out made of it. */
const isOurCount = ({ starting, found: { swap } }: SwapRecord, { desired }: ServiceState): boolean =>
  desired === starting?.desired || (desired > (starting?.desired ?? 0) && swap.scaling.idle !== undefined);

/** Whether green's service is as this swap made it, and so to be shrunk. `certain`: what was written would be seen by now. */
export const shrinkGreen = (record: SwapRecord, green: ServiceState | undefined, certain: boolean): GreenStep => {
  if (green?.status !== 'ACTIVE') return idle(record, certain);
  const mine = { revision: record.starting?.revision ?? '', idsBefore: record.found.idsBefore };
  const front = primary(green);
  const ours = ourRollout(green, mine);
  if (front === undefined || record.found.idsBefore.includes(front.id)) return idle(record, certain);
  // ECS's circuit breaker takes green back to the revision that idle had; the count stays ours.
  if (front.id !== ours?.id && front.revision !== record.found.swap.idleRevision)
    return { do: 'nothing', result: 'left alone' };
  if (green.desired === 0) return { do: 'nothing', result: 'undone' };
  return isOurCount(record, green) ? { do: 'shrink' } : { do: 'nothing', result: 'left alone' };
};
