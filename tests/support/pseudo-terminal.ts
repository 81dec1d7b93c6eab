import { spawn } from 'node:child_process';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

/** `drawbridge …` in a terminal that somebody sits at. */
export interface Terminal {
  /** everything that was drawn so far, as it was sent */
  drawn: () => string;
  type: (keys: string) => void;
  ended: Promise<{ code: number | null; drawn: string }>;
}

export const ctrlC = '\u0003';

/** What was drawn, without the terminal's own commands. */
export const textOf = (drawn: string): string => drawn.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '');

/** Runs the file that package.json's bin names, as a program, in a pseudo-terminal. */
export const drawbridgeInTerminal = (args: readonly string[], env: Record<string, string>): Terminal => {
  const path = [join(process.execPath, '..'), process.env['PATH'] ?? ''].join(':');
  const command = [join(import.meta.dirname, 'pseudo_terminal.py'), join(project, 'cli/drawbridge.ts'), ...args];
  const child = spawn('python3', command, { cwd: project, env: { ...env, PATH: path, TERM: 'xterm' } });
  let drawn = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (drawn += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (drawn += text));
  const ended = new Promise<{ code: number | null; drawn: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, drawn });
    });
  });
  return { drawn: () => drawn, type: (keys) => void child.stdin.write(keys), ended };
};
