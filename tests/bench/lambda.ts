import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Answered {
  /** how long the handler took, as its own process saw it */
  ms: number;
  answer: { statusCode?: number; body?: string };
}

/** A Lambda in a process of its own, with its module loaded. */
export interface Lambda {
  invoke(event: object): Promise<Answered>;
  end(): Promise<void>;
}

const patience = 9_000; // ms, the hook's own time limit in serverless.yml
const errorsKept = 4_000;

/** Starts `file`, which exports a handler. Rejects, with what it last wrote to stderr, when it cannot be loaded. */
export const startLambda = async (file: string, env: Record<string, string>): Promise<Lambda> => {
  const feeder = join(import.meta.dirname, 'feeder.ts');
  const child = fork(feeder, [file], { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const next = listener(child);
  await next();
  return {
    invoke: async (event) => {
      const answered = next();
      child.send(event);
      return (await answered) as Answered;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** Waits for the child's next message. */
const listener = (child: ChildProcess): (() => Promise<unknown>) => {
  const ended = new AbortController();
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (errors = (errors + part).slice(-errorsKept)));
  child.once('close', () => {
    ended.abort(new Error("the Lambda's process ended"));
  });
  return async () => {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(patience)]);
    try {
      const [message] = (await once(child, 'message', { signal })) as [unknown];
      return message;
    } catch (error) {
      throw signal.aborted ? new Error(`no answer: ${String(signal.reason)}\n${errors}`) : error;
    }
  };
};
