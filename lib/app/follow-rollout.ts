import type { DeploymentRecord, Found, ServiceName, Starting } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
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

const maxReasons = 10;

/** The record of a deployment that has begun to write. */
export type Written = DeploymentRecord & { found: Found; starting: Starting };

const mine = ({ starting, found }: Written) => ({ revision: starting.revision, idsBefore: found.idsBefore });

/** ECS's record of our rollout, seen first while ours is in front, and known by its ARN ever after. */
const recordArn = (service: ServiceState, record: Written, known?: string): string | undefined => {
  const arn = known ?? record.started?.serviceDeployment;
  const ours = ourRollout(service, mine(record));
  if (arn !== undefined || ours === undefined || primary(service)?.id !== ours.id) return arn;
  return service.serviceDeployment === record.found.serviceDeploymentBefore ? undefined : service.serviceDeployment;
};

/** What one look at our rollout shows. */
export interface Followed {
  ours: Rollout | undefined;
  verdict: RolloutVerdict;
  /** ECS's own record of it, once it is known */
  arn?: string;
}

/** Judges our rollout on its service as it is now. `known`: ECS's record of it, as an earlier look found. */
export const followRollout = async (
  fleet: Fleet,
  service: ServiceState,
  { record, known }: { record: Written; known: string | undefined },
): Promise<Followed> => {
  const arn = recordArn(service, record, known);
  const own = arn === undefined ? undefined : await fleet.serviceDeployment(arn);
  const verdict = judgeRollout(service, { ...mine(record), ...(own === undefined ? {} : { record: own }) });
  return { ours: ourRollout(service, mine(record)), verdict, ...(arn === undefined ? {} : { arn }) };
};

/** The failure of our rollout with what ECS and the load balancer have to say of it. */
export const rolloutFailure = async (
  diagnosis: Diagnosis,
  of: { record: Written; name: ServiceName; service: ServiceState },
  failure: { name: 'RolloutFailed' | 'RolloutTimedOut' | 'GreenUnhealthy'; because: string },
): Promise<DeployFailure> => {
  const { record, name, service } = of;
  // A rollout whose tasks are all gone is no longer shown; its id was journalled.
  const rollout = ourRollout(service, mine(record))?.id ?? record.started?.rolloutId ?? '';
  // Why it failed is worth telling, that it failed is worth more.
  const unread = () => ['the reasons could not be read'];
  const reasons = await diagnosis.reasons(service, { name, rollout }).catch(unread);
  return new DeployFailure(failure.name, failure.because, {
    facts: { rollout, revision: record.starting.revision, reasons: reasons.slice(0, maxReasons) },
  });
};
