import type { DeploymentRecord, Found, Outcome, ServiceName } from '../domain/deployment.ts';
import { executionStatusOver } from '../domain/execution.ts';
import { DeployFailure } from '../domain/failure.ts';
import { minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { alreadyDeployed, refuseService, surveyGround, type Ground } from '../domain/readiness.ts';
import { deploymentOf, imagesOf, platformOf, type Revision } from '../domain/revision.ts';
import type { Rollout, ServiceState } from '../domain/rollout.ts';
import type { ServicePast } from '../domain/settlement.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';
import { recordOf } from './record-of.ts';

export interface LookInput {
  execution: string;
  deployment: string;
  digest: string;
  wait: Wait;
}

export type LookOutput =
  | { state: 'ready'; wait: Wait }
  | { state: 'busy'; wait: Wait; because: string }
  | { state: 'ended'; outcome: Outcome; because: string };

export interface LookPorts {
  fleet: Fleet;
  journal: Journal;
  workflows: Workflows;
  interval: Interval;
}

const examine = async (fleet: Fleet, name: ServiceName): Promise<ServiceState> => {
  const service = await fleet.service(name);
  if (service === undefined) throw new DeployFailure('ServiceMissing', 'ECS knows no such service');
  const refusal = refuseService(service);
  if (refusal !== undefined) throw new DeployFailure(refusal.name, refusal.because);
  return service;
};

/** Whose revision it is that is being rolled out: an ended deployment of ours, or somebody else's. */
const isOursAndOver = async ({ fleet, workflows }: LookPorts, rollout: Rollout): Promise<boolean> => {
  const execution = deploymentOf(await fleet.revision(rollout.revision));
  return execution !== undefined && executionStatusOver(await workflows.status(execution));
};

/**
 * The rollout that has to be waited for. Not one that our own failed Undo left: it would hang there for ever, and its
 * revision may be one that was never ours. An operator waits for none.
 */
const inTheWay = async (
  ports: LookPorts,
  { busyWith }: Ground,
  { record, past }: { record: DeploymentRecord; past: ServicePast },
): Promise<Rollout | undefined> => {
  if (busyWith === undefined || record.cause.kind === 'operator') return undefined;
  if (busyWith.revision === past.failedUndoTo || (await isOursAndOver(ports, busyWith))) return undefined;
  return busyWith;
};

/** Where Undo goes: what is completely rolled out now, else the newest that was deployed with success; ECS must still take it. */
const wayBack = async (
  { fleet }: LookPorts,
  { completed }: Ground,
  { deployed }: ServicePast,
): Promise<Revision | undefined> => {
  for (const arn of [...(completed === undefined ? [] : [completed]), ...deployed]) {
    const revision = await fleet.revision(arn);
    if (revision.active) return revision;
  }
  return undefined;
};

/**
 * The revision to clone: the live one. When there is no way back only an operator goes on, or when what runs is a failed rollout of
 * our own: whatever comes next is no worse.
 */
const toClone = async (
  { fleet }: LookPorts,
  { service, ground, before }: { service: ServiceState; ground: Ground; before: Revision | undefined },
  { cause }: DeploymentRecord,
): Promise<Revision> => {
  const live = ground.completed ?? before?.arn ?? service.revision;
  const source = before?.arn === live ? before : await fleet.revision(live);
  const ourFailure = ground.completed === undefined && deploymentOf(source) !== undefined;
  if (before !== undefined || cause.kind === 'operator' || ourFailure) return source;
  throw new DeployFailure(
    'NoWayBack',
    'ECS would take back no revision: nothing active is completely rolled out on the service, and the journal knows none',
  );
};

const mustHave = (revision: Revision, containers: readonly string[]): void => {
  const images = imagesOf(revision);
  const absent = containers.filter((name) => !Object.hasOwn(images, name));
  if (absent.length === 0) return;
  throw new DeployFailure('ContainerMissing', 'the live revision has no such container', { facts: { absent } });
};

/** Waits for somebody else's rollout, as long as the target's own timeout. */
const busy = (
  rollout: Rollout,
  { wait, timeoutMinutes }: { wait: Wait; timeoutMinutes: number },
  interval: Interval,
): LookOutput => {
  const because = `rollout ${rollout.id}, which is not ours, is under way`;
  if (wait.phase >= minutes(timeoutMinutes)) throw new DeployFailure('ServiceBusy', because);
  return { state: 'busy', wait: nextWait(wait, interval, 'total'), because };
};

const foundOf = (
  { digest }: LookInput,
  service: ServiceState,
  { ground, before, source }: { ground: Ground; before: Revision | undefined; source: Revision },
): Found => ({
  digest,
  ...(before === undefined ? {} : { before: before.arn }),
  source: source.arn,
  platform: platformOf(source),
  idsBefore: ground.idsBefore,
  ...(service.serviceDeployment === undefined ? {} : { serviceDeploymentBefore: service.serviceDeployment }),
});

/**
 * Refuses what cannot work, before the first write, and journals what is completely rolled out now: that is where
 * Undo goes. Raises ServiceMissing, UnsupportedService, NothingToRun, CannotRoll, ContainerMissing, ServiceBusy,
 * NoWayBack.
 */
export const look =
  (ports: LookPorts) =>
  async (input: LookInput): Promise<LookOutput> => {
    const record = await recordOf(ports.journal, input.deployment);
    const service = await examine(ports.fleet, record.service);
    const ground = surveyGround(service);
    const past = await ports.journal.past(record.service);
    const other = await inTheWay(ports, ground, { record, past });
    if (other !== undefined)
      return busy(other, { wait: input.wait, timeoutMinutes: record.timeoutMinutes }, ports.interval);
    const before = await wayBack(ports, ground, past);
    const source = await toClone(ports, { service, ground, before }, record);
    mustHave(source, record.containers);
    if (alreadyDeployed(service, { images: imagesOf(source) }, { ...record, digest: input.digest }))
      return { state: 'ended', outcome: 'already deployed', because: 'the service runs this image' };
    await ports.journal.note(record, input.execution, { found: foundOf(input, service, { ground, before, source }) });
    return { state: 'ready', wait: { ...input.wait, phase: 0 } };
  };
