import type { Found, Outcome, ServiceName } from '../domain/deployment.ts';
import { executionStatusOver } from '../domain/execution.ts';
import { DeployFailure } from '../domain/failure.ts';
import { minutes, nextWait, type Interval, type Wait } from '../domain/pacing.ts';
import { alreadyDeployed, refuseService, surveyGround, type Ground } from '../domain/readiness.ts';
import { deploymentTag, imagesOf, type Revision } from '../domain/revision.ts';
import type { Rollout, ServiceState } from '../domain/rollout.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';

export interface LookInput {
  execution: string;
  deployment: string;
  service: ServiceName;
  containers: readonly string[];
  timeoutMinutes: number;
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
  const { tags } = await fleet.revision(rollout.revision);
  const execution = tags.find(({ key }) => key === deploymentTag)?.value;
  return execution !== undefined && executionStatusOver(await workflows.status(execution));
};

const wayBack = async (
  { fleet, journal }: LookPorts,
  ground: Ground,
  input: LookInput,
): Promise<Revision | undefined> => {
  if (ground.completed !== undefined) return fleet.revision(ground.completed);
  for (const arn of await journal.deployedRevisions(input.service)) {
    const revision = await fleet.revision(arn);
    if (revision.active) return revision;
  }
  return undefined;
};

const named = (revision: Revision, containers: readonly string[]): void => {
  const images = imagesOf(revision);
  const absent = containers.filter((name) => !Object.hasOwn(images, name));
  if (absent.length === 0) return;
  throw new DeployFailure('ContainerMissing', 'the live revision has no such container', { facts: { absent } });
};

/** Waits for somebody else's rollout, as long as the target's own timeout. */
const busy = (rollout: Rollout, { wait, timeoutMinutes }: LookInput, interval: Interval): LookOutput => {
  const because = `rollout ${rollout.id}, which is not ours, is under way`;
  if (wait.phase >= minutes(timeoutMinutes)) throw new DeployFailure('ServiceBusy', because);
  return { state: 'busy', wait: nextWait(wait, interval, 'total'), because };
};

/**
 * Refuses what cannot work, before the first write, and journals what is completely rolled out now: that is where
 * Undo goes. Raises ServiceMissing, UnsupportedService, NothingToRun, CannotRoll, ContainerMissing, ServiceBusy,
 * NoWayBack.
 */
export const look =
  (ports: LookPorts) =>
  async (input: LookInput): Promise<LookOutput> => {
    const service = await examine(ports.fleet, input.service);
    const ground = surveyGround(service);
    if (ground.busyWith !== undefined && !(await isOursAndOver(ports, ground.busyWith))) {
      return busy(ground.busyWith, input, ports.interval);
    }
    const before = await wayBack(ports, ground, input);
    if (before === undefined)
      throw new DeployFailure(
        'NoWayBack',
        'nothing is completely rolled out on the service, and the journal knows no revision to go back to',
      );
    named(before, input.containers);
    if (alreadyDeployed(service, { images: imagesOf(before) }, input)) {
      return { state: 'ended', outcome: 'already deployed', because: 'the service runs this image' };
    }
    const found: Found = {
      digest: input.digest,
      before: before.arn,
      source: before.arn,
      idsBefore: ground.idsBefore,
      ...(service.serviceDeployment === undefined ? {} : { serviceDeploymentBefore: service.serviceDeployment }),
    };
    await ports.journal.note(input, input.execution, { found });
    return { state: 'ready', wait: { ...input.wait, phase: 0 } };
  };
