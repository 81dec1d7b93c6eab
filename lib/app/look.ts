import type { DeploymentRecord, ServiceName } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { refuseService, surveyGround } from '../domain/readiness.ts';
import type { ServiceState } from '../domain/rollout.ts';
import type { Fleet } from '../ports/fleet.ts';
import {
  alreadyThere,
  baseOf,
  busy,
  foundOf,
  inTheWay,
  rolloutUnderWay,
  type LookInput,
  type LookOutput,
  type ServicePorts,
} from './look-service.ts';
import { lookAtColours, type ColourPorts } from './look-colours.ts';
import { recordOf } from './record-of.ts';

const examine = async (fleet: Fleet, name: ServiceName): Promise<ServiceState> => {
  const service = await fleet.service(name);
  if (service === undefined) throw new DeployFailure('ServiceMissing', 'ECS knows no such service');
  const refusal = refuseService(service);
  if (refusal !== undefined) throw new DeployFailure(refusal.name, refusal.because);
  return service;
};

const lookAtService = async (ports: ServicePorts, input: LookInput, record: DeploymentRecord): Promise<LookOutput> => {
  const { digest, wait } = input;
  const service = await examine(ports.fleet, record.service);
  const ground = surveyGround(service);
  const past = await ports.journal.past(record.service);
  const other = await inTheWay(ports, ground, { record, past });
  if (other !== undefined)
    return busy(rolloutUnderWay(other), { wait, timeoutMinutes: record.timeoutMinutes }, ports.interval);
  const base = await baseOf(ports, service, { record, past, digest });
  if (base.there) return alreadyThere;
  await ports.journal.note(record, input.execution, {
    found: { ...foundOf(digest, base, service), at: ports.clock().toISOString() },
  });
  return { state: 'ready', strategy: 'rolling', wait: { ...wait, phase: 0 } };
};

/**
 * Refuses what cannot work, before the first write, and journals what is completely rolled out now: that is where
 * Undo goes. Raises ServiceMissing, UnsupportedService, NothingToRun, CannotRoll, ContainerMissing, ServiceBusy,
 * NoWayBack; for a target that swaps colours AmbiguousTraffic, ColoursMismatch, CannotCopy, ScalingMissing and
 * AlarmNotReady too.
 */
export const look =
  (ports: ServicePorts & ColourPorts) =>
  async (input: LookInput): Promise<LookOutput> => {
    const record = await recordOf(ports.journal, input.deployment);
    const { blueGreen } = record;
    if (blueGreen === undefined) return lookAtService(ports, input, record);
    return lookAtColours(ports, input, { ...record, blueGreen });
  };
