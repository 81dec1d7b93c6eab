import { spawn } from 'node:child_process';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

export interface CommandEnd {
  code: number | null;
  /** its lines, without empty ones */
  out: string[];
  err: string;
}

/** `npx drawbridge …`, without npx: the file that package.json's bin names, as a program. */
export const drawbridge = (args: readonly string[], env: Record<string, string>): Promise<CommandEnd> =>
  new Promise((resolve, reject) => {
    const path = [join(process.execPath, '..'), process.env['PATH'] ?? ''].join(':');
    const child = spawn(join(project, 'cli/drawbridge.ts'), args, { cwd: project, env: { ...env, PATH: path } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out: out.split('\n').filter((line) => line !== ''), err });
    });
  });
