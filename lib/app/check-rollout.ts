import { DeployFailure } from '../domain/failure.ts';
import { maxStaleLooks, minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import type { ServiceState } from '../domain/rollout.ts';
import type { Diagnosis } from '../ports/diagnosis.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import { followRollout, rolloutFailure, type Followed, type Written } from './follow-rollout.ts';
import { recordOf } from './record-of.ts';

/** How far a rollout is. Counts are shown, not required: autoscaling moves them. */
export interface RolloutView {
  done: boolean;
  running: number;
  desired: number;
  wait: Wait;
  /** looks in a row that did not show our rollout at all (a stale read) */
  unseen: number;
  /** ECS's own record of it, once it is known */
  serviceDeployment?: string;
}

export interface CheckRolloutInput {
  deployment: string;
  /** the view that the last look left */
  rollout: RolloutView;
}

export interface CheckRolloutPorts {
  fleet: Fleet;
  diagnosis: Diagnosis;
  journal: Journal;
  interval: Interval;
}

const written = async (journal: Journal, deployment: string): Promise<Written> => {
  const record = await recordOf(journal, deployment);
  const { found, starting } = record;
  if (found === undefined || starting === undefined)
    throw new DeployFailure('Unexpected', 'Check rollout came before Start rollout');
  return { ...record, found, starting };
};

const view = (service: ServiceState, last: RolloutView, now: Followed & { interval: Interval }): RolloutView => ({
  done: now.verdict.state === 'completed',
  running: (now.ours ?? service).running,
  desired: (now.ours ?? service).desired,
  wait: nextWait(last.wait, now.interval, 'total'),
  unseen: now.verdict.state === 'unseen' ? last.unseen + 1 : 0,
  ...(now.arn === undefined ? {} : { serviceDeployment: now.arn }),
});

/**
 * One look, no waiting: the workflow owns the clock. "Stable" is not enough, because a rolled-back service is stable
 * too; our own rollout must be the one that completed. Raises RolloutFailed (also when ECS rolled it back),
 * RolloutReplaced, RolloutTimedOut (ECS's circuit breaker can stall), ServiceMissing.
 */
export const checkRollout =
  ({ fleet, diagnosis, journal, interval }: CheckRolloutPorts) =>
  async ({ deployment, rollout: last }: CheckRolloutInput): Promise<RolloutView> => {
    const record = await written(journal, deployment);
    const { service: name, timeoutMinutes } = record;
    const service = await fleet.service(name);
    if (service === undefined) throw new DeployFailure('ServiceMissing', 'the service is gone');
    const followed = await followRollout(fleet, service, { record, known: last.serviceDeployment });
    const { verdict } = followed;
    const fail = async (failure: 'RolloutFailed' | 'RolloutTimedOut', because: string): Promise<never> => {
      throw await rolloutFailure(diagnosis, { record, name, service }, { name: failure, because });
    };
    if (verdict.state === 'replaced') throw new DeployFailure('RolloutReplaced', verdict.because);
    if (verdict.state === 'failed' || verdict.state === 'rolled back')
      return fail('RolloutFailed', `${verdict.state}: ${verdict.because}`);
    if (verdict.state === 'unseen' && last.unseen >= maxStaleLooks)
      throw new DeployFailure('RolloutReplaced', 'our rollout is no longer on the service');
    if (verdict.state !== 'completed' && last.wait.phase >= minutes(timeoutMinutes))
      return fail('RolloutTimedOut', `not completed after ${timeoutMinutes} minutes`);
    return view(service, last, { ...followed, interval });
  };
