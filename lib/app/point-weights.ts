import type { TrafficPoint } from '../domain/blue-green.ts';
import { DeployFailure } from '../domain/failure.ts';
import { sameWeights, weightsOf, withWeights, type Action, type Weights } from '../domain/traffic.ts';
import type { Traffic } from '../ports/traffic.ts';

/** Where traffic is divided between two target groups (ARNs), and how a failure calls the place. */
export interface WeightedPoint {
  point: TrafficPoint;
  groups: readonly [string, string];
  called: string;
}

/** How a point divides traffic, and the list of actions that says so. */
export interface WeighedActions {
  actions: readonly Action[];
  weights: Weights;
}

/** Somebody else had a hand in how traffic is divided. */
export const tamperedTraffic = (because: string): DeployFailure => new DeployFailure('TrafficTampered', because);

const weighed = ({ groups, called }: WeightedPoint, actions: readonly Action[]): WeighedActions => {
  const weights = weightsOf(actions, groups);
  if (weights === undefined) throw tamperedTraffic(`${called} no longer divides traffic between the two groups`);
  return { actions, weights };
};

/** Raises TrafficTampered when it no longer divides traffic between just the two groups. */
export const readWeights = async (traffic: Traffic, weighted: WeightedPoint): Promise<WeighedActions> =>
  weighed(weighted, (await traffic.actions(weighted.point)) ?? []);

/**
 * Writes the weights into the actions that were read, and compares what the load balancer then says. Raises
 * TrafficTampered when it says anything else.
 */
export const writeWeights = async (
  traffic: Traffic,
  weighted: WeightedPoint,
  { actions, weights }: WeighedActions,
): Promise<void> => {
  const written = weighed(weighted, await traffic.replace(weighted.point, withWeights(actions, weights)));
  if (!sameWeights(written.weights, weights))
    throw tamperedTraffic(`${weighted.called} has other weights than were written`);
};
