import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startRuntimeApi } from './runtime-api.ts';
import type { Answer } from './runtime-api.ts';

export interface Host {
  /** the program that speaks with the Runtime API: AWS's own, or the local stage's */
  client: string;
  /** the folder with index.mjs */
  taskRoot: string;
  env: Record<string, string>;
  /** ms that each invocation is told it has; the hook's when absent */
  timeLimit?: number;
}

/** One worker of a Lambda, started as Lambda starts it: it loads its module while its first event is waiting. */
export interface HostedLambda {
  /** when its process was started, by performance.now() */
  startedAt: number;
  /** Settles when its module is loaded and it asks for its first event; an event may be invoked before. */
  ready: Promise<void>;
  /** its process */
  pid: number;
  /** One after the other, however many are waiting. Rejects when the worker reports an error, ends or is silent. */
  invoke(event: object): Promise<Answer>;
  /** bytes of memory that its process had at most so far */
  peak(): number;
  end(): Promise<void>;
}

const patience = 30_000; // ms
const errorsKept = 4_000;

export const startHostedLambda = async ({ client, taskRoot, env, timeLimit }: Host): Promise<HostedLambda> => {
  const api = await startRuntimeApi(timeLimit);
  const whole = { ...env, ...environment(api.address), LAMBDA_TASK_ROOT: taskRoot };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [client], { env: whole, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors = (errors + part).slice(-errorsKept)));
  const closed = once(child, 'close').then(() => {
    api.fail(`the Lambda's process ended\n${errors}`);
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    startedAt,
    ready: api.asked,
    pid: child.pid ?? 0,
    invoke: async (event) => {
      const late = setTimeout(() => {
        api.fail(`the Lambda did not answer within ${patience} ms\n${errors}`);
      }, patience);
      return api.invoke(event).finally(() => {
        clearTimeout(late);
      });
    },
    // https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    peak: () => {
      const status = readFileSync(`/proc/${child.pid ?? 'self'}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
    },
    end: async () => {
      process.off('exit', kill);
      kill();
      await closed;
      await api.close();
    },
  };
};

/** What Lambda itself sets, as far as a runtime client reads it. */
const environment = (api: string): Record<string, string> => ({
  AWS_LAMBDA_RUNTIME_API: api,
  _HANDLER: 'index.handler',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
});
