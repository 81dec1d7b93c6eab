import { executionName, operatorProblem, type OperatorCause } from '../lib/domain/cause.ts';
import { targetLabel, type TargetId } from '../lib/domain/target.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { Workflows } from '../lib/ports/workflows.ts';

/** What an operator names. */
export type Named = { pipeline: number } | { tag: string } | { deployment: string };

/** What was begun; or why nothing was, for ops to read. */
export type Begun = { state: 'begun'; deployment: string; target: string } | { state: 'refused'; because: string };

export interface OperatorPorts {
  workflows: Pick<Workflows, 'start'>;
  /** who asks */
  caller: () => Promise<string>;
  clock: Clock;
}

/** An operator's cause, of now. */
export const operatorCause = async (
  { caller, clock }: OperatorPorts,
  { project }: TargetId,
  named: Named,
): Promise<OperatorCause> => ({
  kind: 'operator',
  project,
  ...named,
  by: await caller(),
  // Order and holds compare whole seconds.
  at: `${clock().toISOString().slice(0, 19)}Z`,
});

/**
 * Begins an operator's deployment. Its name is made from the target and the cause, so that a start whose answer was lost and
 * that is sent again begins nothing twice. Raises AwsUnavailable, AwsRefused.
 */
export const startOperator = async (
  { workflows }: Pick<OperatorPorts, 'workflows'>,
  target: TargetId,
  cause: OperatorCause,
): Promise<Begun> => {
  const problem = operatorProblem(cause);
  if (problem !== undefined) return { state: 'refused', because: problem };
  const deployment = executionName(target, cause, 1);
  const { project, name } = target;
  await workflows.start(deployment, { target: { project, name }, cause });
  return { state: 'begun', deployment, target: targetLabel(target) };
};
