import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type DescribeExecutionOutput,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { awsCall, awsCallIfThere } from '../../lib/adapters/aws/aws-call.ts';
import type { End } from '../../lib/domain/deployment.ts';
import type { ExecutionStep, ExecutionView, Executions } from '../executions.ts';

const notThere = ['ExecutionDoesNotExist'];

/** Of an execution's output only the end is of interest. */
const output = z.object({ end: z.object({ outcome: z.string(), because: z.string() }) });

const endIn = (text: string | undefined): ExecutionView['end'] => {
  try {
    const read = output.safeParse(JSON.parse(text ?? ''));
    return read.success ? (read.data.end as Pick<End, 'outcome' | 'because'>) : undefined;
  } catch {
    return undefined;
  }
};

const viewOf = ({ status, error, cause, output: text }: DescribeExecutionOutput): ExecutionView => {
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { state: 'running' };
  const end = endIn(text);
  if (status === 'SUCCEEDED') return { state: 'succeeded', ...(end === undefined ? {} : { end }) };
  return { state: 'failed', error: error ?? status ?? 'FAILED', ...(cause === undefined ? {} : { because: cause }) };
};

const stepOf = ({ type, timestamp, stateEnteredEventDetails }: HistoryEvent): ExecutionStep[] =>
  type === 'TaskStateEntered'
    ? [{ state: stateEnteredEventDetails?.name ?? '', at: timestamp?.toISOString() ?? '' }]
    : [];

/** The deploy workflow's executions. `stateMachineArn` is `arn:…:stateMachine:<name>`; an execution's is made from it. */
export const awsExecutions = (client: SFNClient, stateMachineArn: string): Executions => {
  const arnOf = (name: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    find: async (name) => {
      const command = new DescribeExecutionCommand({ executionArn: arnOf(name) });
      const answer = await awsCallIfThere('DescribeExecution', () => client.send(command), notThere);
      return answer === undefined ? undefined : viewOf(answer);
    },
    running: () =>
      awsCall('ListExecutions', async () => {
        const names: string[] = [];
        const query = { stateMachineArn, statusFilter: 'RUNNING' } as const;
        for await (const { executions = [] } of paginateListExecutions({ client }, query))
          names.push(...executions.map(({ name = '' }) => name));
        return names;
      }),
    steps: (name) =>
      awsCallIfThere(
        'GetExecutionHistory',
        async () => {
          const steps: ExecutionStep[] = [];
          const query = { executionArn: arnOf(name), includeExecutionData: false };
          for await (const { events = [] } of paginateGetExecutionHistory({ client }, query))
            steps.push(...events.flatMap(stepOf));
          return steps;
        },
        notThere,
      ),
  };
};
