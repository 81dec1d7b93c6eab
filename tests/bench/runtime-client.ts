import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runChild } from '../../local/children.ts';
import { keptFolder } from '../../local/kept-folder.ts';

const pins = ['package.json', 'package-lock.json'].map((file) => join(import.meta.dirname, 'runtime-client', file));

/**
 * AWS's own Lambda runtime interface client; answers the program that Node.js runs. Made on first use (half a minute,
 * from the npm registry; compiled with gcc, make and cmake), kept in `.rehearsal/`.
 */
export const ensureRuntimeClient = async (): Promise<string> => {
  const folder = await keptFolder('runtime-client', pins, install);
  return join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
};

const install = async (folder: string): Promise<void> => {
  await mkdir(folder);
  for (const pin of pins) await copyFile(pin, join(folder, pin.slice(pin.lastIndexOf('/') + 1)));
  await runChild('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, env: { ...process.env, ...nodeHeaders() } });
};

/** The headers that come with this Node.js, where they do: node-gyp would download others. */
const nodeHeaders = (): Record<string, string> => {
  const prefix = join(dirname(process.execPath), '..');
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
};
