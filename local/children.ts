import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';

/** A process of ours and all that it starts: one process group, ended as one. */
export interface Child {
  pid: number;
  /** Settles when the process has ended, with its exit code (null: ended by a signal). */
  exited: Promise<number | null>;
  /** The last lines that it printed, for an error message. */
  lastOutput(): string;
  /** Ends the whole group: SIGTERM, and SIGKILL for what is left after five seconds. */
  end(): Promise<void>;
}

export interface ChildOptions {
  /** The whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Removed when this process ends without having ended the child. */
  folder?: string;
  log?: (line: string) => void;
}

const outputKept = 20_000;
const patienceMs = 5_000;

/** Starts a process in a group of its own. It ends with this process, however this process ends. */
export const startChild = (command: string, args: readonly string[], options: ChildOptions): Child => {
  const { env, cwd } = options;
  const started = spawn(command, args, { env, ...(cwd && { cwd }), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = keepOutput(started, options.log);
  const exited = new Promise<number | null>((resolve) => {
    started.once('error', (error) => {
      output.push(`cannot start ${command}: ${error.message}`);
      resolve(127);
    });
    started.once('close', (code) => {
      resolve(code);
    });
  });
  const pid = started.pid;
  if (pid === undefined) return { pid: 0, exited, lastOutput: output.text, end: () => exited.then(() => undefined) };
  const guard = startGuard(pid, options.folder);
  const end = async () => {
    guard.kill('SIGKILL');
    await endGroup(pid, exited);
  };
  return { pid, exited, lastOutput: output.text, end };
};

/** Runs a process to its end. Rejects, with its last output, when its exit code is not 0. */
export const runChild = async (command: string, args: readonly string[], options: ChildOptions): Promise<string> => {
  const child = startChild(command, args, options);
  const code = await child.exited;
  await child.end();
  if (code === 0) return child.lastOutput();
  throw new Error(`${[command, ...args.slice(0, 2)].join(' ')} … ended with ${String(code)}:\n${child.lastOutput()}`);
};

/** A port of 127.0.0.1 that was free a moment ago: for programs that cannot choose and tell one themselves. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });

/**
 * The guard holds one end of a pipe; when this process dies, by whatever signal, the pipe closes and the guard ends
 * the child's group. Handlers of our own could not do that for SIGKILL, and would change what SIGINT means.
 */
const startGuard = (group: number, folder = ''): ChildProcess => {
  const script = 'read -r _; kill -s KILL -- "-$1" 2>/dev/null; if [ -n "$2" ]; then rm -rf -- "$2"; fi';
  const args = ['-c', script, 'guard', String(group), folder];
  const guard = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  return guard;
};

const keepOutput = (child: ChildProcess, log?: (line: string) => void) => {
  let kept = '';
  let rest = '';
  const push = (text: string) => {
    kept = (kept + text).slice(-outputKept);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (log) lines.forEach(log);
  };
  child.stdout?.setEncoding('utf8').on('data', push);
  child.stderr?.setEncoding('utf8').on('data', push);
  return { push, text: () => kept };
};

const endGroup = async (pid: number, exited: Promise<number | null>): Promise<void> => {
  signalGroup(pid, 'SIGTERM');
  const late = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
  }, patienceMs);
  await exited;
  clearTimeout(late);
  // The leader is gone; what it started may not be.
  signalGroup(pid, 'SIGKILL');
};

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
