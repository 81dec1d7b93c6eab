import type { UndoResult } from './deployment.ts';
import { primary, type RolloutVerdict, type ServiceState } from './rollout.ts';
import { allGreen, isOurs, type BegunSwap, type SwapRecord } from './swap.ts';
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

/** Weights that we found, or may have written: steps of the shift, or a rescue whose answer was lost. */
const mayBeOurs = (record: SwapRecord, weights: Weights): boolean => {
  const { shifting, undoing, found } = record;
  const isRescue = undoing?.to === found.swap.idle.targetGroup && sameWeights(weights, allGreen(record));
  return isRescue || isOurs(record, weights, shifting?.step ?? -1);
};

/**
 * Whether traffic has to go back. The first look writes the old weights also where they seem to be in force: a read may
 * lag behind a shift whose answer was lost. Users are never left on a colour that nobody answers for while the other could.
 */
export const routeBack = (record: SwapRecord, { weights, healthy }: TrafficSight, isFirstLook: boolean): RouteStep => {
  const { shifting, found } = record;
  if (weights === undefined || !mayBeOurs(record, weights)) return { do: 'leave' };
  const home = found.swap.weights;
  if (healthy.live === 0 && healthy.green > 0) return { do: 'rescue', to: allGreen(record) };
  if (shifting === undefined || (sameWeights(weights, home) && !isFirstLook)) return { do: 'nothing' };
  return { do: 'route', to: home };
};

export type GreenStep =
  { do: 'nothing'; result: UndoResult } | { do: 'shrink' } | /** what we announced may yet come to be */ { do: 'wait' };

/** Green as it is now, and what became of our rollout on it. */
export interface GreenSight {
  green: ServiceState | undefined;
  verdict: RolloutVerdict | undefined;
}

/** Its count is what we asked for, or what scale-out made of it. */
const isOurCount = ({ starting, found: { swap } }: BegunSwap, { desired }: ServiceState): boolean =>
  desired === starting.desired || (desired > starting.desired && swap.scaling.idle !== undefined);

/** Whether green's service is as this swap made it, and so to be shrunk. `certain`: what was written would be seen by now. */
export const shrinkGreen = (record: BegunSwap, { green, verdict }: GreenSight, certain: boolean): GreenStep => {
  const front = green === undefined ? undefined : primary(green);
  if (green?.status !== 'ACTIVE' || front === undefined || record.found.idsBefore.includes(front.id))
    return certain ? { do: 'nothing', result: 'nothing written' } : { do: 'wait' };
  // ECS's circuit breaker takes green back to the revision that idle had; the count stays ours.
  if (verdict?.state === 'replaced') return { do: 'nothing', result: 'left alone' };
  if (green.desired === 0) return { do: 'nothing', result: 'undone' };
  return isOurCount(record, green) ? { do: 'shrink' } : { do: 'nothing', result: 'left alone' };
};
