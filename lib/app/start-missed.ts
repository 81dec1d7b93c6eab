import type { DeploymentRecord } from '../domain/deployment.ts';
import type { PlannedDeployment } from '../domain/plan-deployments.ts';
import type { Journal } from '../ports/journal.ts';
import type { ExecutionStatus, Workflows } from '../ports/workflows.ts';
import { startPlanned } from './start-planned.ts';

export interface MissedPorts {
  journal: Pick<Journal, 'read'>;
  workflows: Workflows;
}

/** Who has a record has begun, also when Step Functions knows nothing of it any more. */
const statusOf = async ({ deployment, end }: DeploymentRecord, workflows: Workflows): Promise<ExecutionStatus> => {
  if (end?.failure !== undefined) return { state: 'failed', error: end.failure };
  if (end !== undefined) return { state: 'succeeded' };
  const status = await workflows.status(deployment);
  return status.state === 'unknown' ? { state: 'running' } : status;
};

/**
 * Step Functions with the journal's memory: it forgets an execution 90 days after its end, and gives its name away again. `began`:
 * which executions were begun here.
 */
const remembering = ({ journal, workflows }: MissedPorts, began: string[]): Workflows => {
  const status: Workflows['status'] = async (name) => {
    const record = await journal.read(name);
    return record === undefined ? workflows.status(name) : statusOf(record, workflows);
  };
  return {
    status,
    start: async (name, input) => {
      // A start is answered as such also when an execution of that name and input is running.
      if ((await status(name)).state !== 'unknown') return 'exists';
      const answer = await workflows.start(name, input);
      if (answer === 'started') began.push(name);
      return answer;
    },
  };
};

/**
 * Starts what a hook would have started, by the same name, so that the two are one deployment. Nothing whose end the journal has seen
 * is started, unless that end wrote nothing and is worth another try. Answers the executions that were begun here. Raises AwsUnavailable, AwsRefused.
 */
export const startMissed = async (ports: MissedPorts, planned: readonly PlannedDeployment[]): Promise<string[]> => {
  const began: string[] = [];
  await startPlanned(remembering(ports, began), planned);
  return began;
};
