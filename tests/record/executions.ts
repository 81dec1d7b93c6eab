import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
  type DescribeExecutionOutput,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { clientOptions, deployed } from '../support/deployed.ts';

/** One run of the workflow with all that Step Functions keeps of it, data included. */
export interface WholeExecution extends DescribeExecutionOutput {
  name: string;
  history: HistoryEvent[];
}

const client = new SFNClient(clientOptions);

const historyOf = async (executionArn: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn, includeExecutionData: true }))
    events.push(...(page.events ?? []));
  return events;
};

const whole = async (executionArn: string): Promise<WholeExecution> => {
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  return { ...described, name: described.name ?? '', history: await historyOf(executionArn) };
};

/** All executions of the level, the newest first. */
export const allExecutions = async (): Promise<WholeExecution[]> => {
  const arns: string[] = [];
  for await (const page of paginateListExecutions({ client }, { stateMachineArn: deployed.stateMachineArn }))
    arns.push(...(page.executions ?? []).map(({ executionArn = '' }) => executionArn));
  return Promise.all(arns.map(whole));
};
