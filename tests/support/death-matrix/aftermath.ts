import type { ServiceLock } from '../../../lib/domain/admission.ts';
import { recoveredBy } from '../../../lib/domain/cause.ts';
import { isFailureName } from '../../../lib/domain/failure.ts';
import type { DeploymentRecord, End } from '../../../lib/domain/deployment.ts';
import { project, serviceName } from '../samples.ts';
import type { Run } from '../workflow-machine.ts';
import type { CallSite } from './call-site.ts';
import { inWords } from './in-words.ts';
import type { MatrixWorld } from './matrix-world.ts';
import { orphansIn, standingOf } from './standing.ts';

/** How a deployment ended, as far as it is compared. */
export type Ending = Pick<End, 'outcome'> & Partial<Pick<End, 'failure' | 'undo' | 'warning'>>;

/** What is left once everything has ended and the service has come to rest. */
export interface Aftermath {
  /** of the deployment; where nothing was journalled, what Step Functions says */
  ending: Ending;
  record?: DeploymentRecord;
  /** a recovery ran */
  recovered: boolean;
  /** it ended badly itself, and the deployment has no end */
  recoveryDied: boolean;
  /** its rollouts, newest first: `before` and `ours` are complete, all others say how they stand; of two colours, `standingOf` */
  service: string;
  /** calls that took effect: how often which task updated the service, and revisions registered */
  updates: { 'start-rollout': number; undo: number };
  /** where colours are swapped: how often green was made or updated, and its traffic moved */
  swap?: { green: number; shifts: number };
  registered: number;
  /** of what must hold after whatever happened, that which does not */
  violations: string[];
}

const restSeconds = 600;

/** The journalled end; of a deployment without one, what Step Functions says. */
export const endingOf = (record: DeploymentRecord | undefined, error = ''): Ending => {
  if (record?.end === undefined) return { outcome: 'failed', ...(isFailureName(error) ? { failure: error } : {}) };
  const { outcome, failure, undo, warning } = record.end;
  return {
    outcome,
    ...(failure === undefined ? {} : { failure }),
    ...(undo === undefined ? {} : { undo }),
    ...(warning === undefined ? {} : { warning }),
  };
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
  const tellsEnd = ({ state, operation }: CallSite) => state === 'Settle' && operation === 'PutEvents';
  const events = world.outward.calls.filter((call) => tellsEnd(call) && isOf(call.execution));
  const { ends, traffic, fleet } = world;
  const announced = events.some(({ done }) => done);
  return { ends, record, lock, announced, failedRequests: traffic.failed, defects: fleet.defects };
};

const serviceIn = (world: MatrixWorld, record: DeploymentRecord | undefined): string => {
  if (world.stage !== undefined) return standingOf(world, world.stage, record);
  const { rollouts } = world.world.serviceView(serviceName.cluster, serviceName.service);
  return inWords(rollouts, world.service.taskDefinitionArn, record);
};

const swapIn = (world: MatrixWorld, ours: string): NonNullable<Aftermath['swap']> => ({
  green: effective(world, 'UpdateService', ours) + effective(world, 'CreateService', ours),
  shifts: effective(world, 'ModifyRule', world.service.ruleArn, 'shift'),
});

/** Lets the service come to rest, and looks at everything. */
export const aftermathOf = async (world: MatrixWorld, execution: string): Promise<Aftermath> => {
  world.rest(restSeconds);
  const record = await world.journal.read(execution);
  const recoveries = [...world.ends].filter(([name]) => recoveredBy(name) === execution);
  const before = world.service.taskDefinitionArn;
  const ours = record?.revision ?? 'none';
  return {
    ending: endingOf(record, world.ends.get(execution)?.error),
    ...(record === undefined ? {} : { record }),
    recovered: recoveries.length > 0,
    recoveryDied: record?.end === undefined && recoveries.some(([, { status }]) => status !== 'succeeded'),
    service: serviceIn(world, record),
    updates: {
      'start-rollout': effective(world, 'UpdateService', ours),
      undo: effective(world, 'UpdateService', before, 'undo'),
    },
    ...(world.stage === undefined ? {} : { swap: swapIn(world, ours) }),
    registered: effective(world, 'RegisterTaskDefinition', execution),
    violations: [
      ...violationsIn(await leftIn(world, execution, record)),
      ...orphansIn(world).map((name) => `service ${name} is left`),
    ],
  };
};
