import type { ServiceLock } from '../../../lib/domain/admission.ts';
import { recoveredBy } from '../../../lib/domain/cause.ts';
import { isFailureName } from '../../../lib/domain/failure.ts';
import type { DeploymentRecord, End } from '../../../lib/domain/deployment.ts';
import { project, serviceName } from '../samples.ts';
import type { Run } from '../workflow-machine.ts';
import type { MatrixWorld } from './matrix-world.ts';

/** How a deployment ended, as far as it is compared. */
export type Ending = Pick<End, 'outcome'> & Partial<Pick<End, 'failure' | 'undo'>>;

/** What is left once everything has ended and the service has come to rest. */
export interface Aftermath {
  /** of the deployment; where nothing was journalled, what Step Functions says */
  ending: Ending;
  record?: DeploymentRecord;
  /** a recovery ran */
  recovered: boolean;
  /** it ended badly itself, and the deployment has no end */
  recoveryDied: boolean;
  /** its rollouts, newest first: `before` and `ours` are complete, all others say how they stand */
  service: string;
  /** calls that took effect: how often which task updated the service, and revisions registered */
  updates: { 'start-rollout': number; undo: number };
  registered: number;
  /** of what must hold after whatever happened, that which does not */
  violations: string[];
}

const restSeconds = 600;

type Rollouts = readonly { taskDefinitionArn: string; images: readonly string[]; rolloutState: string }[];

/** A service's rollouts in words, newest first: `ours (IN_PROGRESS) over before`. */
export const inWords = (rollouts: Rollouts, before: string, record: DeploymentRecord | undefined): string => {
  const digest = record?.found?.digest ?? 'none';
  const named = rollouts.map(({ taskDefinitionArn, images, rolloutState }) => {
    const ours = taskDefinitionArn === record?.revision && images.some((image) => image.endsWith(`@${digest}`));
    const name = taskDefinitionArn === before ? 'before' : ours ? 'ours' : taskDefinitionArn;
    return rolloutState === 'COMPLETED' ? name : `${name} (${rolloutState})`;
  });
  return named.join(' over ');
};

/** The journalled end; of a deployment without one, what Step Functions says. */
export const endingOf = (record: DeploymentRecord | undefined, error = ''): Ending => {
  if (record?.end === undefined) return { outcome: 'failed', ...(isFailureName(error) ? { failure: error } : {}) };
  const { outcome, failure, undo } = record.end;
  return { outcome, ...(failure === undefined ? {} : { failure }), ...(undo === undefined ? {} : { undo }) };
};

/** What `violationsIn` looks at. */
export interface Left {
  ends: ReadonlyMap<string, Pick<Run, 'status' | 'error'>>;
  record: DeploymentRecord | undefined;
  lock: ServiceLock;
  announced: boolean;
  failedRequests: number;
  defects: readonly string[];
}

/** Everything that must hold whatever happened, and does not. */
export const violationsIn = ({ ends, record, lock, announced, failedRequests, defects }: Left): string[] => {
  const unnamed = [...ends].filter(([, { status, error = '' }]) => status === 'failed' && !isFailureName(error));
  return [
    ...unnamed.map(([name, { error }]) => `${name} ended as ${String(error)}`),
    ...(record !== undefined && record.end === undefined ? ['the record has no end'] : []),
    ...(record?.end !== undefined && !announced ? ['the end was never announced'] : []),
    ...(lock.holder === undefined ? [] : [`the lock is held by ${lock.holder.execution}`]),
    ...lock.waiters.map(({ execution }) => `${execution} still waits`),
    ...(failedRequests === 0 ? [] : [`${failedRequests} of users' requests failed`]),
    ...defects,
  ];
};

/** Calls of this operation that took effect and name this. */
const effective = (world: MatrixWorld, operation: string, named: string, caller?: string): number =>
  world.fleet.calls.filter(
    (call) =>
      call.operation === operation &&
      call.outcome === 'ok' &&
      (caller ?? call.caller) === call.caller &&
      JSON.stringify(call.input).includes(`"${named}"`),
  ).length;

const leftIn = async (world: MatrixWorld, execution: string, record: DeploymentRecord | undefined): Promise<Left> => {
  const { lock } = await world.journal.queue(serviceName, `${project}/${serviceName.service}`);
  const isOf = (name: string) => name === execution || recoveredBy(name) === execution;
  const events = world.outward.calls.filter((call) => call.operation === 'PutEvents' && isOf(call.execution));
  const { ends, traffic, fleet } = world;
  const announced = events.some(({ done }) => done);
  return { ends, record, lock, announced, failedRequests: traffic.failed, defects: fleet.defects };
};

/** Lets the service come to rest, and looks at everything. */
export const aftermathOf = async (world: MatrixWorld, execution: string): Promise<Aftermath> => {
  world.rest(restSeconds);
  const record = await world.journal.read(execution);
  const recoveries = [...world.ends].filter(([name]) => recoveredBy(name) === execution);
  const before = world.service.taskDefinitionArn;
  const { rollouts } = world.world.serviceView(serviceName.cluster, serviceName.service);
  return {
    ending: endingOf(record, world.ends.get(execution)?.error),
    ...(record === undefined ? {} : { record }),
    recovered: recoveries.length > 0,
    recoveryDied: record?.end === undefined && recoveries.some(([, { status }]) => status !== 'succeeded'),
    service: inWords(rollouts, before, record),
    updates: {
      'start-rollout': effective(world, 'UpdateService', record?.revision ?? 'none'),
      undo: effective(world, 'UpdateService', before, 'undo'),
    },
    registered: effective(world, 'RegisterTaskDefinition', execution),
    violations: violationsIn(await leftIn(world, execution, record)),
  };
};
