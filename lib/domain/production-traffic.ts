import type { BlueGreen, TrafficPoint } from './blue-green.ts';
import { DeployFailure } from './failure.ts';
import { minutes } from './pacing.ts';
import { groupsOf, stickyFor, weightsOf, type Action, type Routing, type Weights } from './traffic.ts';

/** Which of the two target groups has production traffic; ARNs. */
export interface Division {
  weights: Weights;
  live: string;
  idle: string;
}

const ambiguous = (because: string): DeployFailure => new DeployFailure('AmbiguousTraffic', because);

const shown = ({ kind, arn }: TrafficPoint): string =>
  kind === 'rule' ? `listener rule ${arn}` : `the default action of listener ${arn}`;

// What only lets a request pass or not, before it is forwarded.
const passing = /^(authenticate-.+|jwt-validation)$/;

const refuseActions = (where: string, actions: readonly Action[]): void => {
  const types = actions.map(({ Type }) => String(Type));
  const other = types.find((type) => type !== 'forward' && !passing.test(type));
  if (other !== undefined) throw ambiguous(`${where} has an action ${other}`);
  const forwards = types.filter((type) => type === 'forward').length;
  if (forwards !== 1) throw ambiguous(`${where} has ${forwards} forward actions, not one`);
};

/** A user whom stickiness keeps on the old colour longer than the bake would be there still when it is retired. */
const refuseStickiness = (where: string, actions: readonly Action[], { steps }: BlueGreen): void => {
  const bake = steps.at(-1)?.minutes ?? 0;
  const seconds = stickyFor(actions);
  if (seconds <= minutes(bake)) return;
  throw ambiguous(
    `${where} keeps users on a target group for ${seconds} s (its group stickiness), longer than the bake of ${bake} minutes (strategy.bake_minutes)`,
  );
};

/**
 * How the production point divides traffic between the target's two groups; `actions` is undefined when there is no such
 * point. Raises AmbiguousTraffic when it is not plain which one is live.
 */
export const divisionOf = (swap: BlueGreen, actions: readonly Action[] | undefined): Division => {
  const [first, second] = swap.targetGroups;
  const where = shown(swap.production);
  if (actions === undefined) throw ambiguous(`${where} is not there`);
  refuseActions(where, actions);
  const weights = weightsOf(actions, swap.targetGroups);
  if (weights === undefined)
    throw ambiguous(
      `${where} forwards to ${groupsOf(actions).join(', ')}, not to exactly the two of strategy.target_groups`,
    );
  const [live, other] = swap.targetGroups.filter((group) => (weights[group] ?? 0) > 0);
  if (live === undefined) throw ambiguous(`${where} gives both target groups the weight 0`);
  if (other !== undefined) throw ambiguous(`${where} gives both target groups traffic`);
  refuseStickiness(where, actions, swap);
  return { weights, live, idle: live === first ? second : first };
};

/** Raises AmbiguousTraffic when the target's test rule is not there or leads anywhere but to the two groups. */
export const refuseTestRule = ({ test, targetGroups }: BlueGreen, actions: readonly Action[] | undefined): void => {
  if (test?.rule === undefined) return;
  const where = `listener rule ${test.rule} (strategy.test_listener_rule)`;
  if (actions === undefined) throw ambiguous(`${where} is not there`);
  if (weightsOf(actions, targetGroups) !== undefined) return;
  throw ambiguous(`${where} does not forward, in one action, to exactly the two of strategy.target_groups`);
};

/** Raises AmbiguousTraffic when anything but the production point and the test rule forwards to one of the two groups: its users would not be moved. */
export const refuseOtherRoutings = (
  { production, test, targetGroups }: BlueGreen,
  routings: readonly Routing[],
): void => {
  const isOther = ({ point }: Routing): boolean => point.arn !== production.arn && point.arn !== test?.rule;
  for (const { point, actions } of routings.filter(isOther)) {
    const used = groupsOf(actions).find((group) => targetGroups.includes(group));
    if (used !== undefined) throw ambiguous(`${shown(point)} forwards to ${used} too`);
  }
};
