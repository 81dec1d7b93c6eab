import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/** One shell that a reader has open all the while: what a block exports, the next ones have. */
export interface Bash {
  /** Runs a block; answers what it printed. Raises with that, and the shell is at its end, when a command fails. */
  run(commands: string, typed: string): Promise<string>;
  close(): Promise<void>;
}

/** Blocks come by name on one channel, that they are done goes back on another: standard input is the commands' own. */
const loop = `set -Eeuo pipefail
trap 'echo "exit code $? of: $BASH_COMMAND" >&2' ERR
while read -r -u 3 block; do
  source "$block.sh" <"$block.in" >"$block.out" 2>&1
  echo "$block" >&4
done`;

/** Starts a bash in `cwd` that gives up at the first command that fails; `folder` is for what passes between it and us. */
export const openBash = (folder: string, cwd: string, env: NodeJS.ProcessEnv): Bash => {
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
  const shell = spawn('bash', ['-c', loop], { cwd, env, detached: true, stdio: [...stdio] });
  const [names, done] = [shell.stdio[3] as Writable, shell.stdio[4] as NodeJS.ReadableStream];
  // A shell that has ended does not read.
  names.on('error', () => undefined);
  const ended = once(shell, 'close').then(() => true);
  let blocks = 0;
  return {
    run: async (commands, typed) => {
      if (shell.exitCode !== null) throw new Error('the shell is at its end: a block before this one failed');
      const block = join(folder, String((blocks += 1)));
      await Promise.all([writeFile(`${block}.sh`, `${commands}\n`), writeFile(`${block}.in`, typed)]);
      const answered = once(done, 'data').then(() => false);
      names.write(`${block}\n`);
      const failed = await Promise.race([answered, ended]);
      const printed = await readFile(`${block}.out`, 'utf8');
      if (failed) throw new Error(`${commands}\n${printed}`);
      return printed;
    },
    close: async () => {
      // What it has started ends with it.
      if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid, 'SIGKILL');
      await ended;
    },
  };
};
