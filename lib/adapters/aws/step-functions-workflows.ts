import { DescribeExecutionCommand, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Workflows } from '../../ports/workflows.ts';
import { awsCall, isAwsError } from './aws-call.ts';

const taken = 'ExecutionAlreadyExists';
const notThere = 'ExecutionDoesNotExist';

const statusOf = (status: string | undefined, error: string | undefined): ExecutionStatus => {
  if (status === 'SUCCEEDED') return { state: 'succeeded' };
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { state: 'running' };
  return { state: 'failed', error: error ?? status ?? 'FAILED' };
};

/** The deploy workflow. `stateMachineArn` is `arn:…:stateMachine:<name>`; an execution's is made from it. */
export const stepFunctionsWorkflows = (client: SFNClient, stateMachineArn: string): Workflows => {
  const executionArn = (name: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    start: async (name, input) => {
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      try {
        await awsCall('StartExecution', () => client.send(command), [taken]);
        return 'started';
      } catch (error) {
        if (isAwsError(error, taken)) return 'exists';
        throw error;
      }
    },
    status: async (name) => {
      const command = new DescribeExecutionCommand({ executionArn: executionArn(name) });
      try {
        const { status, error } = await awsCall('DescribeExecution', () => client.send(command), [notThere]);
        return statusOf(status, error);
      } catch (error) {
        if (isAwsError(error, notThere)) return { state: 'unknown' };
        throw error;
      }
    },
  };
};
