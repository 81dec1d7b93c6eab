import type { DeploymentRecord, Found, Outcome } from '../domain/deployment.ts';
import { executionStatusOver } from '../domain/execution.ts';
import { DeployFailure } from '../domain/failure.ts';
import { minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { alreadyDeployed, surveyGround, type Ground } from '../domain/readiness.ts';
import { deploymentOf, imagesOf, platformOf, type Revision } from '../domain/revision.ts';
import type { Rollout, ServiceState } from '../domain/rollout.ts';
import type { ServicePast } from '../domain/settlement.ts';
import type { Strategy } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';

export interface LookInput {
  execution: string;
  deployment: string;
  digest: string;
  wait: Wait;
}

export type LookOutput =
  | { state: 'ready'; strategy: Strategy['type']; wait: Wait }
  | { state: 'busy'; wait: Wait; because: string }
  | { state: 'ended'; outcome: Outcome; because: string };

/** What looking at any service needs. */
export interface ServicePorts {
  fleet: Fleet;
  journal: Journal;
  workflows: Workflows;
  interval: Interval;
  clock: Clock;
}

/** Whose revision it is that is being rolled out: an ended deployment of ours, or somebody else's. */
const isOursAndOver = async ({ fleet, workflows }: ServicePorts, rollout: Rollout): Promise<boolean> => {
  const execution = deploymentOf(await fleet.revision(rollout.revision));
  return execution !== undefined && executionStatusOver(await workflows.status(execution));
};

/**
 * The rollout that has to be waited for. Not one that our own failed Undo left: it would hang there for ever, and its
 * revision may be one that was never ours. An operator waits for none.
 */
export const inTheWay = async (
  ports: ServicePorts,
  { busyWith }: Ground,
  { record, past }: { record: DeploymentRecord; past: ServicePast },
): Promise<Rollout | undefined> => {
  if (busyWith === undefined || record.cause.kind === 'operator') return undefined;
  if (busyWith.revision === past.failedUndoTo || (await isOursAndOver(ports, busyWith))) return undefined;
  return busyWith;
};

/** Where Undo goes: what is completely rolled out now, else the newest that was deployed with success; ECS must still take it. */
const wayBack = async (
  { fleet }: ServicePorts,
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
  { fleet }: ServicePorts,
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

/** Where a deployment starts from. */
export interface Base {
  before: Revision | undefined;
  source: Revision;
  /** the image runs there already */
  there: boolean;
}

/** The revisions to go back to and to clone. Raises NoWayBack, ContainerMissing. */
export const baseOf = async (
  ports: ServicePorts,
  service: ServiceState,
  { record, past, digest }: { record: DeploymentRecord; past: ServicePast; digest: string },
): Promise<Base> => {
  const ground = surveyGround(service);
  const before = await wayBack(ports, ground, past);
  const source = await toClone(ports, { service, ground, before }, record);
  mustHave(source, record.containers);
  return { before, source, there: alreadyDeployed(service, { images: imagesOf(source) }, { ...record, digest }) };
};

/** What is journalled of the service that gets the new revision; undefined when it has to be made first. */
export const foundOf = (digest: string, { before, source }: Base, service: ServiceState | undefined): Found => ({
  digest,
  ...(before === undefined ? {} : { before: before.arn }),
  source: source.arn,
  platform: platformOf(source),
  idsBefore: service?.rollouts.map(({ id }) => id) ?? [],
  ...(service?.serviceDeployment === undefined ? {} : { serviceDeploymentBefore: service.serviceDeployment }),
});

export const alreadyThere: LookOutput = {
  state: 'ended',
  outcome: 'already deployed',
  because: 'the service runs this image',
};

export const rolloutUnderWay = ({ id }: Rollout): string => `rollout ${id}, which is not ours, is under way`;

/** Waits for what is somebody else's, as long as the target's own timeout. Raises ServiceBusy. */
export const busy = (
  because: string,
  { wait, timeoutMinutes }: { wait: Wait; timeoutMinutes: number },
  interval: Interval,
): LookOutput => {
  if (wait.phase >= minutes(timeoutMinutes)) throw new DeployFailure('ServiceBusy', because);
  return { state: 'busy', wait: nextWait(wait, interval, 'total'), because };
};
