import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Fleet } from '../world/fleet.ts';
import type { Target, TargetGroup } from './balancer.ts';
import { beginChecks, beginHealthy, drain } from './target-health.ts';

export interface NewTarget {
  id: string;
  port: number;
  availabilityZone: string;
  passing: boolean;
  /** it has been there for long: healthy without waiting */
  seasoned: boolean;
  /** called after each change of its state */
  changed: () => void;
}

/** Puts a target into the group; one that is there already stays as it is, as on AWS. */
export const addTarget = (fleet: Fleet, group: TargetGroup, given: NewTarget): void => {
  if (group.targets.has(given.id)) return;
  const target: Target = {
    id: given.id,
    port: given.port,
    availabilityZone: given.availabilityZone,
    state: 'unused',
    reason: undefined,
    description: undefined,
    passing: given.passing,
    firstCheckAt: 0,
    cancel: () => undefined,
    changed: given.changed,
    onGone: [],
  };
  group.targets.set(target.id, target);
  if (given.seasoned) beginHealthy(fleet, { group, target });
  else beginChecks(fleet, { group, target });
};

/** Drains the target out of the group. `gone` is called when it has left, at once if it is not there. */
export const removeTarget = (
  fleet: Fleet,
  group: TargetGroup,
  { id, gone }: { id: string; gone: () => void },
): void => {
  const target = group.targets.get(id);
  if (target === undefined) {
    gone();
    return;
  }
  target.onGone.push(gone);
  if (target.state !== 'draining') drain(fleet, { group, target });
};

export const healthDescription = (target: Target, { Port }: Pick<TargetDescription, 'Port'> = {}): object => ({
  Target: { Id: target.id, Port: Port ?? target.port, AvailabilityZone: target.availabilityZone },
  HealthCheckPort: String(target.port),
  TargetHealth: { State: target.state, Reason: target.reason, Description: target.description },
});
