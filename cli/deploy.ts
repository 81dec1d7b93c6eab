import { targetLabel, type TargetId } from '../lib/domain/target.ts';
import type { Targets } from '../lib/ports/targets.ts';
import { operatorCause, startOperator, type Begun, type Named, type OperatorPorts } from './start-operator.ts';

export interface DeployPorts extends OperatorPorts {
  targets: Pick<Targets, 'find'>;
}

/**
 * Begins the deployment of what a pipeline built or a tag names, by an operator's word: past order and holds. Whether it may be is for
 * Confirm to say. Raises AwsUnavailable, AwsRefused.
 */
export const deploy =
  (ports: DeployPorts) =>
  async ({ target, named }: { target: TargetId; named: Exclude<Named, { deployment: string }> }): Promise<Begun> => {
    const found = await ports.targets.find(target);
    if (found === undefined) return { state: 'refused', because: `there is no target ${targetLabel(target)}` };
    return startOperator(ports, target, await operatorCause(ports, target, named));
  };
