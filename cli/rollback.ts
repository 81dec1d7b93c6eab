import type { OperatorOfDeployment } from '../lib/domain/cause.ts';
import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { recalled } from '../lib/domain/recalled.ts';
import { targetLabel, type TargetId } from '../lib/domain/target.ts';
import type { History } from '../lib/ports/history.ts';
import type { Journal } from '../lib/ports/journal.ts';
import { newestOf } from './history.ts';
import { operatorCause, startOperator, type Begun, type OperatorPorts } from './start-operator.ts';
import { wayBack } from './way-back.ts';

export interface RollbackPorts extends OperatorPorts {
  history: History;
  journal: Pick<Journal, 'read'>;
}

/** What was begun, and between which deployments. */
export type RollbackOutput = Begun & { from?: DeploymentRecord; to?: DeploymentRecord };

const mostRead = 200;

/** Whether the journal vouches for it is asked here as well: the answer comes at once. */
const backTo = async (ports: RollbackPorts, target: TargetId, to: DeploymentRecord): Promise<RollbackOutput> => {
  const cause = (await operatorCause(ports, target, { deployment: to.deployment })) as OperatorOfDeployment;
  const verdict = recalled(targetLabel(target), cause, to);
  if (verdict.state === 'contradicted') return { state: 'refused', because: verdict.because };
  return { ...(await startOperator(ports, target, cause)), to };
};

/**
 * Begins going back: to the named deployment, or to the newest earlier one of another image. GitLab need not answer. Raises
 * AwsUnavailable, AwsRefused.
 */
export const rollback =
  (ports: RollbackPorts) =>
  async ({ target, to }: { target: TargetId; to?: string | undefined }): Promise<RollbackOutput> => {
    if (to !== undefined) {
      const record = await ports.journal.read(to);
      if (record === undefined) return { state: 'refused', because: `the journal knows no deployment ${to}` };
      return backTo(ports, target, record);
    }
    const way = wayBack(await newestOf(ports.history, targetLabel(target), mostRead));
    if ('because' in way) return { state: 'refused', because: way.because };
    return { ...(await backTo(ports, target, way.to)), from: way.from };
  };
