import type { Started } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { ourRollout, primary, type ServiceState } from '../domain/rollout.ts';
import { duringSwap } from '../domain/scaling.ts';
import { copyRequest, copyToken } from '../domain/service-copy.ts';
import { serviceOf, swapRecordOf, type SwapRecord } from '../domain/swap.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Scaling } from '../ports/scaling.ts';
import type { ServiceCopies } from '../ports/service-copies.ts';
import type { GreenView } from './check-green.ts';
import { recordOf } from './record-of.ts';
import { setBounds } from './set-bounds.ts';
import { tellStep, type TellPorts } from './tell.ts';

export interface StartGreenPorts extends TellPorts {
  fleet: Fleet;
  copies: ServiceCopies;
  scaling: Scaling;
  journal: Journal;
  interval: Interval;
}

export interface StartGreenInput {
  execution: string;
  deployment: string;
  wait: Wait;
}

type Green = SwapRecord & { revision: string };

const tampered = (because: string) => new DeployFailure('ServiceTampered', because);

/** The live service, which nobody may have touched since Look but its own scaling. */
const liveService = async (fleet: Fleet, record: Green): Promise<ServiceState> => {
  const { live, liveRollout, desired, scaling } = record.found.swap;
  const service = await fleet.service(serviceOf(record, live));
  if (service?.status !== 'ACTIVE') throw tampered(`${live.service}, the live colour, is gone`);
  const front = primary(service)?.id ?? '';
  if (front !== liveRollout) throw tampered(`rollout ${front}, which is not ours, was started on ${live.service}`);
  if (service.desired === 0 || (scaling.live === undefined && service.desired !== desired))
    throw tampered(
      `the desired count of ${live.service} is ${service.desired} instead of ${desired}, and not by scaling`,
    );
  return service;
};

/**
 * While a swap runs scale-in and scheduled scaling rest on both colours: green has no traffic at first, and live less
 * and less. Scale-out does not: a burst of users has to be served.
 */
const hold = async (scaling: Scaling, record: Green, colour: 'live' | 'idle'): Promise<void> => {
  const { scaling: found, [colour]: one } = record.found.swap;
  const original = found[colour];
  if (found.live === undefined || original === undefined) return;
  const bounds = { to: duringSwap(found.live), before: [original] };
  if (!(await setBounds(scaling, serviceOf(record, one), bounds)))
    throw tampered(`somebody else changed the scaling of ${one.service}`);
};

const create = async ({ copies }: StartGreenPorts, record: Green, desired: number): Promise<ServiceState> => {
  const { live, idle } = record.found.swap;
  const described = await copies.describe(serviceOf(record, live));
  if (described === undefined) throw tampered(`${live.service}, the live colour, is gone`);
  return copies.create(
    copyRequest(described, {
      ...serviceOf(record, idle),
      targetGroup: idle.targetGroup,
      revision: record.revision,
      desired,
      clientToken: copyToken(record.deployment),
    }),
  );
};

const mine = ({ revision, found: { idsBefore } }: Green) => ({ revision, idsBefore });

/**
 * The idle colour's service, if it is there. Nobody else may have begun a rollout on it, begun to delete it, or deleted
 * it since Look.
 */
const greenService = async (fleet: Fleet, record: Green): Promise<ServiceState | undefined> => {
  const { idle, idleExists } = record.found.swap;
  const green = await fleet.service(serviceOf(record, idle));
  if (green?.status === 'DRAINING') throw tampered(`${idle.service}, the idle colour, is being deleted`);
  if (green?.status !== 'ACTIVE') {
    if (idleExists) throw tampered(`${idle.service}, the idle colour, is gone`);
    return undefined;
  }
  const front = primary(green);
  const isOurs = front?.id === ourRollout(green, mine(record))?.id;
  if (front === undefined || isOurs || record.found.idsBefore.includes(front.id)) return green;
  const because = `rollout ${front.id}, which is not ours, was started on ${idle.service}, the idle colour`;
  throw record.starting === undefined ? new DeployFailure('ServiceBusy', because) : tampered(because);
};

/** Green with this revision and this many tasks, once: a rollout of ours that is there already is not started again. */
const bring = async (ports: StartGreenPorts, record: Green, desired: number): Promise<ServiceState> => {
  const { fleet } = ports;
  const name = serviceOf(record, record.found.swap.idle);
  const green = await greenService(fleet, record);
  if (green === undefined) return create(ports, record, desired);
  if (ourRollout(green, mine(record)) === undefined) return fleet.update(name, record.revision, desired);
  if (green.desired < desired) await fleet.resize(name, desired);
  return green;
};

const started = (record: Green, green: ServiceState): Started => {
  const ours = ourRollout(green, mine(record));
  if (ours === undefined)
    throw new DeployFailure('AwsUnavailable', 'ECS took the change of green and shows no rollout of it yet');
  const arn = green.serviceDeployment;
  const known = arn === undefined || arn === record.found.serviceDeploymentBefore;
  return { rolloutId: ours.id, ...(known ? {} : { serviceDeployment: arn }) };
};

const start = async (ports: StartGreenPorts, execution: string, record: Green): Promise<Started> => {
  const { fleet, scaling, journal, clock } = ports;
  const { revision } = record;
  await greenService(fleet, record);
  await liveService(fleet, record);
  const at = record.starting?.at ?? clock().toISOString();
  const starting = record.starting ?? { revision, desired: record.found.swap.desired, at };
  if (record.starting === undefined) await journal.note(record, execution, { starting });
  await hold(scaling, record, 'live');
  // Counted once scale-in rests: what is read now can only grow.
  const { desired } = await liveService(fleet, record);
  await journal.note(record, execution, { starting: { revision, desired, at } });
  const result = started(record, await bring(ports, { ...record, starting }, desired));
  await journal.note(record, execution, { started: result });
  // Before, its bounds would have started tasks of its old revision.
  await hold(scaling, record, 'idle');
  return result;
};

/**
 * Makes green ready to be tried: as many tasks as live has now, of the new revision, in the idle colour's service, which
 * is made as a copy of live if it is not there. Come to again when live has grown, it raises green. Raises ServiceTampered
 * when somebody else changed a colour since Look; ServiceBusy for a rollout on green, as long as nothing was written.
 */
export const startGreen =
  (ports: StartGreenPorts) =>
  async ({ execution, deployment, wait }: StartGreenInput): Promise<GreenView> => {
    const record = swapRecordOf(await recordOf(ports.journal, deployment));
    const { revision } = record;
    if (revision === undefined) throw new DeployFailure('Unexpected', 'Start green came before Register');
    const { serviceDeployment } = await start(ports, execution, { ...record, revision });
    await tellStep(ports, record, { step: 'rollout started' });
    return {
      state: 'starting',
      running: 0,
      desired: 0,
      healthy: 0,
      strange: 0,
      wait: nextWait(wait, ports.interval, 'total'),
      test: record.blueGreen.test !== undefined,
      ...(serviceDeployment === undefined ? {} : { serviceDeployment }),
    };
  };
