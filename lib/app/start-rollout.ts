import type { DeploymentRecord, Found, Started } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { ourRollout, primary, type Rollout, type ServiceState } from '../domain/rollout.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { RolloutView } from './check-rollout.ts';
import { recordOf } from './record-of.ts';
import { tellStep, type TellPorts } from './tell.ts';

export interface StartRolloutPorts extends TellPorts {
  fleet: Fleet;
  journal: Journal;
  interval: Interval;
}

export interface StartRolloutInput {
  execution: string;
  deployment: string;
  wait: Wait;
}

const mine = (found: Found, revision: string) => ({ revision, idsBefore: found.idsBefore });

/** ECS's record of our rollout: the service's current one, unless that is still the one from before. */
const started = (rollout: Rollout, service: ServiceState, found: Found): Started => {
  const arn = service.serviceDeployment;
  return {
    rolloutId: rollout.id,
    ...(arn === undefined || arn === found.serviceDeploymentBefore ? {} : { serviceDeployment: arn }),
  };
};

const update = async (
  { fleet, journal, clock }: StartRolloutPorts,
  execution: string,
  record: DeploymentRecord & { found: Found; revision: string },
): Promise<Started> => {
  const { found, revision } = record;
  const service = await fleet.service(record.service);
  if (service === undefined) throw new DeployFailure('ServiceMissing', 'ECS knows no such service');
  const running = ourRollout(service, mine(found, revision));
  if (running !== undefined) return started(running, service, found);
  const front = primary(service);
  if (record.starting === undefined && front !== undefined && !found.idsBefore.includes(front.id)) {
    throw new DeployFailure('ServiceBusy', `rollout ${front.id}, which is not ours, was started meanwhile`);
  }
  const at = record.starting?.at ?? clock().toISOString();
  await journal.note(record, execution, { starting: { revision, at } });
  const updated = await fleet.update(record.service, revision);
  const rollout = ourRollout(updated, mine(found, revision));
  if (rollout === undefined)
    throw new DeployFailure('AwsUnavailable', 'ECS took the update and shows no rollout of it yet');
  return started(rollout, updated, found);
};

const start = async (ports: StartRolloutPorts, execution: string, record: DeploymentRecord): Promise<Started> => {
  const { found, revision } = record;
  if (found === undefined || revision === undefined)
    throw new DeployFailure('Unexpected', 'Start rollout came before Register');
  const result = await update(ports, execution, { ...record, found, revision });
  await ports.journal.note(record, execution, { started: result });
  return result;
};

/**
 * UpdateService with the new revision only, once: a rollout of our revision that is there already is ours, its answer
 * was lost. Answers the first view of the rollout, to be followed from there. Raises ServiceBusy when somebody else's
 * rollout began after Look, ServiceMissing.
 */
export const startRollout =
  (ports: StartRolloutPorts) =>
  async ({ execution, deployment, wait }: StartRolloutInput): Promise<RolloutView> => {
    const record = await recordOf(ports.journal, deployment);
    const { serviceDeployment } = record.started ?? (await start(ports, execution, record));
    await tellStep(ports, record, { step: 'rollout started' });
    return {
      done: false,
      running: 0,
      desired: 0,
      wait: nextWait(wait, ports.interval, 'total'),
      unseen: 0,
      ...(serviceDeployment === undefined ? {} : { serviceDeployment }),
    };
  };
