import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import type { DeployInput } from '../../lib/app/start-planned.ts';

type Json = Parameters<StateMachine['run']>[0];
export type Task = (input: never) => Promise<unknown>;

/** How a run of the workflow ended, and by which way. */
export interface Run {
  status: 'succeeded' | 'failed' | 'aborted';
  /** the Fail state's error, by which Step Functions names the end */
  error?: string;
  cause?: string;
  /** every state entered, in order */
  states: string[];
}

export interface MachineWorld {
  /** by state name */
  tasks: Record<string, Task>;
  /** lets world time pass; called for each Wait with its seconds */
  pass(seconds: number): Promise<void>;
}

interface StateDefinition {
  Type: string;
  Seconds?: number;
  SecondsPath?: string;
  Next?: string;
  [field: string]: unknown;
}

const file = join(import.meta.dirname, '..', '..', 'lib', 'workflows', 'deploy.asl.json');

/** The one definition that is deployed. */
export const definition = (): { States: Record<string, StateDefinition> } =>
  JSON.parse(
    readFileSync(file, 'utf8').replace(/\$\{\w+Arn\}/g, 'arn:aws:lambda:us-gov-west-1:123456789012:function:x'),
  ) as {
    States: Record<string, StateDefinition>;
  };

const passer = 'arn:aws:lambda:us-gov-west-1:123456789012:function:wait';

/** The interpreter's own waits are real time: each becomes a task that lets as many seconds of world time pass. */
const waitAsTask = ({ Seconds, SecondsPath, Next }: StateDefinition): StateDefinition => ({
  Type: 'Task',
  Resource: passer,
  Parameters: SecondsPath === undefined ? { seconds: Seconds } : { 'seconds.$': SecondsPath },
  ResultPath: null,
  ...(Next === undefined ? {} : { Next }),
});

const onWorldTime = (): StateMachineDefinition => {
  const whole = definition();
  const states = Object.entries(whole.States).map(
    ([name, state]) => [name, state.Type === 'Wait' ? waitAsTask(state) : state] as const,
  );
  return { ...whole, States: Object.fromEntries(states) } as unknown as StateMachineDefinition;
};

// Once: the interpreter first holds the whole definition against its schema.
const machine = new StateMachine(onWorldTime());

const namesOfType = (type: string): string[] =>
  Object.entries(definition().States).flatMap(([name, state]) => (state.Type === type ? [name] : []));

const failureOf = (error: unknown): Pick<Run, 'error' | 'cause'> => {
  const { cause } = error as { cause?: { name?: string; message?: string } };
  return { error: cause?.name ?? String(error), cause: cause?.message ?? '' };
};

/** Lambda gives Step Functions an error as its name and a JSON text; so do these tasks. */
const asLambda =
  (task: Task) =>
  async (input: Json): Promise<Json> => {
    try {
      return JSON.parse(JSON.stringify((await task(input as never)) ?? null)) as Json;
    } catch (error) {
      const { name, message } = error as Error;
      const failure = new Error(JSON.stringify({ errorType: name, errorMessage: message }));
      failure.name = name;
      throw failure;
    }
  };

export interface RunOptions {
  input: DeployInput | { resume: string };
  /** the execution is stopped when it enters this state */
  stopAt?: string;
  /** told at once how to stop the execution later */
  begun?: (stop: () => void) => void;
}

/** Runs the deployed definition in process. */
export const runMachine = async (
  world: MachineWorld,
  name: string,
  { input, stopAt, begun }: RunOptions,
): Promise<Run> => {
  const waits = namesOfType('Wait').map((wait) => [
    wait,
    async ({ seconds }: { seconds: number }) => {
      await world.pass(seconds);
      return null;
    },
  ]);
  const tasks = Object.entries({ ...world.tasks, ...(Object.fromEntries(waits) as Record<string, Task>) });
  const execution = machine.run(input as unknown as Json, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        tasks.map(([state, task]) => [
          state,
          async (taskInput: Json) => {
            if (state !== stopAt) return asLambda(task)(taskInput);
            execution.abort();
            return null;
          },
        ]),
      ),
      retryIntervalOverrides: Object.fromEntries(namesOfType('Task').map((state) => [state, 1])),
    },
    context: { Execution: { Name: name } },
  });
  begun?.(() => {
    execution.abort();
  });
  const states: string[] = [];
  const watched = (async () => {
    for await (const event of execution.eventLogs) if (event.type === 'StateEntered') states.push(event.state.name);
  })();
  try {
    await execution.result;
    await watched;
    return { status: 'succeeded', states };
  } catch (error) {
    if ((error as Error).name === 'ExecutionAbortedError') return { status: 'aborted', states };
    return { status: 'failed', ...failureOf(error), states };
  }
};
