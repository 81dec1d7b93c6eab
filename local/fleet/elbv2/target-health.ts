import type { Fleet } from '../world/fleet.ts';
import { SECOND } from '../world/fleet.ts';
import type { Target, TargetGroup } from './balancer.ts';
import { DEREGISTRATION_DELAY, isInUse } from './balancer.ts';

/** A target in its group; what happens to it is seen at once by Describe, and later by the load balancer's nodes. */
export interface Registered {
  readonly group: TargetGroup;
  readonly target: Target;
}

type State = Pick<Target, 'state' | 'reason' | 'description'>;

const REGISTERING: State = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};
const CHECKING: State = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};
const HEALTHY: State = { state: 'healthy', reason: undefined, description: undefined };
const UNHEALTHY: State = {
  state: 'unhealthy',
  reason: 'Target.FailedHealthChecks',
  description: 'Health checks failed',
};
const UNUSED: State = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};
const DRAINING: State = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};

const enter = (fleet: Fleet, { target }: Registered, state: State): void => {
  target.cancel();
  target.cancel = () => undefined;
  Object.assign(target, state);
  fleet.routingChanged();
  target.changed();
};

const later = (fleet: Fleet, { target }: Registered, { at, act }: { at: number; act: () => void }): void => {
  target.cancel();
  target.cancel = fleet.clock.after(at - fleet.clock.now(), act);
};

/** Begins a target's life in its group: registered within seconds, then checked, unless no rule uses the group. */
export const beginChecks = (fleet: Fleet, registered: Registered): void => {
  const { group, target } = registered;
  if (!isInUse(fleet.balancer, group.arn)) {
    enter(fleet, registered, UNUSED);
    return;
  }
  target.firstCheckAt = fleet.clock.now() + fleet.chance.milliseconds(2, 5);
  enter(fleet, registered, REGISTERING);
  later(fleet, registered, {
    at: target.firstCheckAt,
    act: () => {
      enter(fleet, registered, CHECKING);
      expectChange(fleet, registered, target.firstCheckAt);
    },
  });
};

/** As after a deployment of long ago: healthy without waiting for checks. */
export const beginHealthy = (fleet: Fleet, registered: Registered): void => {
  const { group, target } = registered;
  target.firstCheckAt = fleet.clock.now();
  enter(fleet, registered, isInUse(fleet.balancer, group.arn) ? HEALTHY : UNUSED);
};

/** Says what the target's health checks find from now on. Its state follows after the group's intervals and thresholds. */
export const setPassing = (fleet: Fleet, registered: Registered, passing: boolean): void => {
  if (registered.target.passing === passing) return;
  registered.target.passing = passing;
  if (registered.target.reason !== REGISTERING.reason) expectChange(fleet, registered, fleet.clock.now());
};

/**
 * Plans the change of state that the checks since then lead to, so that no check need be played that changes nothing.
 * A new target is healthy after one good check:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const expectChange = (fleet: Fleet, registered: Registered, since: number): void => {
  const { healthCheck } = registered.group;
  const { target } = registered;
  if (target.state === 'draining' || target.state === 'unused') return;
  target.cancel();
  const goal = target.passing ? HEALTHY : UNHEALTHY;
  if (target.state === goal.state) return;
  const good = target.state === 'initial' ? 1 : healthCheck.healthyThreshold;
  const interval = healthCheck.intervalSeconds * SECOND;
  const checksDone = Math.max(0, Math.ceil((since - target.firstCheckAt) / interval));
  const more = (target.passing ? good : healthCheck.unhealthyThreshold) - 1;
  later(fleet, registered, {
    at: target.firstCheckAt + (checksDone + more) * interval,
    act: () => {
      enter(fleet, registered, goal);
    },
  });
};

/** Takes a target out: no new requests, then gone when the group's deregistration delay is over. */
export const drain = (fleet: Fleet, registered: Registered): void => {
  const { group, target } = registered;
  const wait = target.state === 'unused' ? 0 : Number(group.attributes.get(DEREGISTRATION_DELAY)) * SECOND;
  enter(fleet, registered, DRAINING);
  later(fleet, registered, {
    at: fleet.clock.now() + wait,
    act: () => {
      group.targets.delete(target.id);
      fleet.routingChanged();
      for (const gone of target.onGone) gone();
    },
  });
};

/** After a change of rules: targets of groups that are used now begin their checks, those of unused ones rest. */
export const reviewUse = (fleet: Fleet): void => {
  for (const group of fleet.balancer.targetGroups.values()) {
    const used = isInUse(fleet.balancer, group.arn);
    for (const target of group.targets.values()) {
      if (used && target.state === 'unused') beginChecks(fleet, { group, target });
      if (!used && target.state !== 'unused' && target.state !== 'draining') enter(fleet, { group, target }, UNUSED);
    }
  }
};
