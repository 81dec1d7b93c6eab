import { recoveredBy } from '../../../lib/domain/cause.ts';
import { isFailureName } from '../../../lib/domain/failure.ts';
import type { DeploymentRecord, End } from '../../../lib/domain/deployment.ts';
import { project, serviceName } from '../samples.ts';
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

const digestOf = ({ found }: DeploymentRecord): string => `@${found?.digest ?? 'nothing'}`;

const serviceOf = (world: MatrixWorld, record: DeploymentRecord | undefined): string => {
  const { rollouts } = world.world.serviceView(serviceName.cluster, serviceName.service);
  const named = rollouts.map(({ taskDefinitionArn, images, rolloutState }) => {
    const ours = taskDefinitionArn === record?.revision && images.some((image) => image.endsWith(digestOf(record)));
    const name = taskDefinitionArn === world.service.taskDefinitionArn ? 'before' : ours ? 'ours' : taskDefinitionArn;
    return rolloutState === 'COMPLETED' ? name : `${name} (${rolloutState})`;
  });
  return named.join(' over ');
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

const endingOf = (record: DeploymentRecord | undefined, error: string | undefined): Ending => {
  if (record?.end === undefined)
    return { outcome: 'failed', ...(error !== undefined && isFailureName(error) ? { failure: error } : {}) };
  const { outcome, failure, undo } = record.end;
  return { outcome, ...(failure === undefined ? {} : { failure }), ...(undo === undefined ? {} : { undo }) };
};

const violationsOf = async (world: MatrixWorld, record: DeploymentRecord | undefined): Promise<string[]> => {
  const { lock } = await world.journal.queue(serviceName, `${project}/${serviceName.service}`);
  const unnamed = [...world.ends].filter(([, { status, error = '' }]) => status === 'failed' && !isFailureName(error));
  return [
    ...unnamed.map(([name, { error }]) => `${name} ended as ${String(error)}`),
    ...(record !== undefined && record.end === undefined ? ['the record has no end'] : []),
    ...(lock.holder === undefined ? [] : [`the lock is held by ${lock.holder.execution}`]),
    ...lock.waiters.map(({ execution }) => `${execution} still waits`),
    ...(world.traffic.failed === 0 ? [] : [`${world.traffic.failed} of users' requests failed`]),
    ...world.fleet.defects,
  ];
};

/** Lets the service come to rest, and looks at everything. */
export const aftermathOf = async (world: MatrixWorld, execution: string): Promise<Aftermath> => {
  world.rest(restSeconds);
  const record = await world.journal.read(execution);
  const recoveries = [...world.ends].filter(([name]) => recoveredBy(name) === execution);
  return {
    ending: endingOf(record, world.ends.get(execution)?.error),
    ...(record === undefined ? {} : { record }),
    recovered: recoveries.length > 0,
    recoveryDied: record?.end === undefined && recoveries.some(([, { status }]) => status !== 'succeeded'),
    service: serviceOf(world, record),
    updates: {
      'start-rollout': effective(world, 'UpdateService', record?.revision ?? 'none'),
      undo: effective(world, 'UpdateService', world.service.taskDefinitionArn, 'undo'),
    },
    registered: effective(world, 'RegisterTaskDefinition', execution),
    violations: await violationsOf(world, record),
  };
};
