import type { DeploymentRecord, Found, Starting } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import {
  judgeRollout,
  ourRollout,
  primary,
  type Rollout,
  type RolloutVerdict,
  type ServiceState,
} from '../domain/rollout.ts';
import type { Diagnosis } from '../ports/diagnosis.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
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

const maxUnseen = 3;
const maxReasons = 10;

type Written = DeploymentRecord & { found: Found; starting: Starting };

const written = async (journal: Journal, deployment: string): Promise<Written> => {
  const record = await recordOf(journal, deployment);
  const { found, starting } = record;
  if (found === undefined || starting === undefined)
    throw new DeployFailure('Unexpected', 'Check rollout came before Start rollout');
  return { ...record, found, starting };
};

const mine = ({ starting, found }: Written) => ({ revision: starting.revision, idsBefore: found.idsBefore });

/** ECS's record of our rollout, seen first while ours is in front, and known by its ARN ever after. */
const recordArn = (service: ServiceState, record: Written, known?: string): string | undefined => {
  const arn = known ?? record.started?.serviceDeployment;
  const ours = ourRollout(service, mine(record));
  if (arn !== undefined || ours === undefined || primary(service)?.id !== ours.id) return arn;
  return service.serviceDeployment === record.found.serviceDeploymentBefore ? undefined : service.serviceDeployment;
};

const fail = async (
  { ports, service, record }: { ports: CheckRolloutPorts; service: ServiceState; record: Written },
  name: 'RolloutFailed' | 'RolloutTimedOut',
  because: string,
): Promise<never> => {
  // A rollout whose tasks are all gone is no longer shown; its id was journalled.
  const rollout = ourRollout(service, mine(record))?.id ?? record.started?.rolloutId ?? '';
  // Why it failed is worth telling, that it failed is worth more.
  const unread = () => ['the reasons could not be read'];
  const reasons = await ports.diagnosis.reasons(service, { name: record.service, rollout }).catch(unread);
  throw new DeployFailure(name, because, {
    facts: { rollout, revision: record.starting.revision, reasons: reasons.slice(0, maxReasons) },
  });
};

const judge = async (
  ports: CheckRolloutPorts,
  service: ServiceState,
  seen: { record: Written; arn: string | undefined },
): Promise<RolloutVerdict> => {
  const record = seen.arn === undefined ? undefined : await ports.fleet.serviceDeployment(seen.arn);
  return judgeRollout(service, { ...mine(seen.record), ...(record === undefined ? {} : { record }) });
};

const view = (
  service: ServiceState,
  last: RolloutView,
  now: { ours: Rollout | undefined; state: RolloutVerdict['state']; arn: string | undefined; interval: Interval },
): RolloutView => ({
  done: now.state === 'completed',
  running: (now.ours ?? service).running,
  desired: (now.ours ?? service).desired,
  wait: nextWait(last.wait, now.interval, 'total'),
  unseen: now.state === 'unseen' ? last.unseen + 1 : 0,
  ...(now.arn === undefined ? {} : { serviceDeployment: now.arn }),
});

/**
 * One look, no waiting: the workflow owns the clock. "Stable" is not enough, because a rolled-back service is stable
 * too; our own rollout must be the one that completed. Raises RolloutFailed (also when ECS rolled it back),
 * RolloutReplaced, RolloutTimedOut (ECS's circuit breaker can stall), ServiceMissing.
 */
export const checkRollout =
  (ports: CheckRolloutPorts) =>
  async ({ deployment, rollout: last }: CheckRolloutInput): Promise<RolloutView> => {
    const record = await written(ports.journal, deployment);
    const service = await ports.fleet.service(record.service);
    if (service === undefined) throw new DeployFailure('ServiceMissing', 'the service is gone');
    const arn = recordArn(service, record, last.serviceDeployment);
    const verdict = await judge(ports, service, { record, arn });
    const failed = { ports, service, record };
    if (verdict.state === 'replaced') throw new DeployFailure('RolloutReplaced', verdict.because);
    if (verdict.state === 'failed' || verdict.state === 'rolled back')
      return fail(failed, 'RolloutFailed', `${verdict.state}: ${verdict.because}`);
    if (verdict.state === 'unseen' && last.unseen >= maxUnseen)
      throw new DeployFailure('RolloutReplaced', 'our rollout is no longer on the service');
    if (verdict.state !== 'completed' && last.wait.phase >= minutes(record.timeoutMinutes))
      return fail(failed, 'RolloutTimedOut', `not completed after ${record.timeoutMinutes} minutes`);
    const ours = ourRollout(service, mine(record));
    return view(service, last, { ours, state: verdict.state, arn, interval: ports.interval });
  };
