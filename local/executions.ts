import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  SFNClient,
  type ExecutionStatus,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { clientOptionsOf } from './aws.ts';
import type { Rehearsal } from './rehearsal.ts';

/** One run of the deploy workflow, as Step Functions tells it. All times are real ones. */
export interface Execution {
  status: ExecutionStatus;
  startedAt: Date;
  /** absent while it runs */
  stoppedAt?: Date;
  /** the states that were entered, in order; a state of a loop each time again */
  entered: { state: string; at: Date }[];
  /** of a failed one: its name, and why */
  error?: string;
  cause?: string;
  /** of a succeeded one: its last state's data */
  output?: unknown;
}

export interface Executions {
  /** Rejects with ExecutionDoesNotExist when nothing of that name was started. */
  read(name: string): Promise<Execution>;
}

const enteredIn = (events: HistoryEvent[]): Execution['entered'] =>
  events.flatMap(({ stateEnteredEventDetails: details, timestamp }) =>
    details?.name === undefined || timestamp === undefined ? [] : [{ state: details.name, at: timestamp }],
  );

const historyOf = async (client: SFNClient, executionArn: string): Promise<HistoryEvent[]> => {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn, includeExecutionData: false }))
    events.push(...(page.events ?? []));
  return events;
};

/** Reads the executions of the deployed workflow; `name` is the one that the hook's answer gives. */
export const executionsOf = ({ aws, stateMachineArn }: Pick<Rehearsal, 'aws' | 'stateMachineArn'>): Executions => {
  const client = new SFNClient(clientOptionsOf(aws));
  return {
    read: async (name) => {
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      // Described first: what it says has ended has its whole history by then.
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { status = 'RUNNING', startDate = new Date(), stopDate, error, cause, output } = described;
      return {
        status,
        startedAt: startDate,
        entered: enteredIn(await historyOf(client, executionArn)),
        ...(stopDate === undefined ? {} : { stoppedAt: stopDate }),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
        ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
      };
    },
  };
};
