import { rulePoint, type BlueGreen } from '../domain/blue-green.ts';
import { coloursOf, sharedLoadBalancers, type Colours } from '../domain/colours.ts';
import type { ServiceName } from '../domain/deployment.ts';
import { divisionOf, refuseOtherRoutings, refuseTestRule } from '../domain/production-traffic.ts';
import type { Weights } from '../domain/traffic.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Traffic } from '../ports/traffic.ts';

/**
 * Which colour is live, read anew from load balancer and services. Raises AmbiguousTraffic when that is not plain,
 * ColoursMismatch when the target groups cannot stand for each other, ServiceMissing when neither service is there.
 */
export const findColours = async (
  { traffic, fleet }: { traffic: Traffic; fleet: Fleet },
  swap: BlueGreen,
  name: ServiceName,
): Promise<Colours & { weights: Weights }> => {
  const { production, targetGroups, test, idleService } = swap;
  const testRule = test?.rule;
  const [actions, testActions, groups, first, second] = await Promise.all([
    traffic.actions(production),
    testRule === undefined ? undefined : traffic.actions(rulePoint(testRule)),
    traffic.groups(targetGroups),
    fleet.service(name),
    fleet.service({ ...name, service: idleService }),
  ]);
  const division = divisionOf(swap, actions);
  refuseTestRule(swap, testActions);
  refuseOtherRoutings(swap, await traffic.routings(sharedLoadBalancers(targetGroups, groups)));
  const colours = coloursOf(division, [
    { service: name.service, state: first },
    { service: idleService, state: second },
  ]);
  return { ...colours, weights: division.weights };
};
