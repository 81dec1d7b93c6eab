import { tellFailed } from './events.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import type { Rollout, ServiceRecord } from './records.ts';
import { rollBack, stopDeployment } from './rollouts.ts';

/** Why a rollout has failed, in the words of each place where ECS says so. */
export interface RolloutFailure {
  /** whether the service is to go back to what completed last */
  goesBack: boolean;
  /** who noticed, at the beginning of the rollout's reason */
  noticedBy: string;
  /** what it was, in the rollout's reason and in the service's events */
  what: string;
  /** at the end of the service deployment's reason */
  because: string;
}

/** Ends the rollout for good: it launches nothing more, and the service stays as it is or goes back. */
export const failRollout = (
  fleet: Fleet,
  { service, rollout }: { service: ServiceRecord; rollout: Rollout },
  { goesBack, noticedBy, what, because }: RolloutFailure,
): void => {
  rollout.moves = false;
  const completed = service.lastCompleted;
  // Nothing to go back to, or the way back failed too: ECS stalls, for as long as nobody steps in (deployment-circuit-breaker).
  if (goesBack && (completed === undefined || rollout.deployment.rollback !== undefined)) return;
  rollout.state = 'FAILED';
  rollout.reason = `${noticedBy}: ${what}.`;
  rollout.updatedAt = dateOf(fleet);
  tellFailed(fleet, service, { rollout, what });
  if (!goesBack || completed === undefined) {
    stopDeployment(fleet, rollout.deployment, `Service deployment stopped because ${because}.`);
    return;
  }
  const reason = `Service deployment rolled back because ${because}.`;
  const back = rollBack(fleet, service, { from: rollout, to: completed, reason });
  back.reason = `${noticedBy}: rolling back to deploymentId ${completed.rolloutId}.`;
};
