import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './children.ts';
import { keptFolder } from './kept-folder.ts';

const project = join(import.meta.dirname, '..');

/** A Python with what a requirements file names. Its programs are run as modules: `python -m ministack`. */
export interface Venv {
  python: string;
  /** Where its packages are, for instance `botocore/data`, AWS's own service models. */
  sitePackages: string;
}

/** MiniStack's venv; made on first use (about 10 s, from the Python package index), kept in `.rehearsal/`. */
export const ensureVenv = (): Promise<Venv> => ensure('requirements.txt');

/** cfn-lint's venv, kept apart: only one test needs it. */
export const ensureLintVenv = (): Promise<Venv> => ensure('requirements-lint.txt');

/** The venv of AWS's CLI, kept apart: only the run of the documents needs it. */
export const ensureAwsCliVenv = (): Promise<Venv> => ensure('requirements-aws-cli.txt');

const ensure = async (file: string): Promise<Venv> => {
  const requirements = join(project, 'local', file);
  return describe(await keptFolder('venv', [requirements], (draft) => build(requirements, draft)));
};

/** Moving a venv is safe because only `bin/python`, not the scripts beside it, is used. */
const build = async (requirements: string, folder: string): Promise<void> => {
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await run(await findPython(), ['-m', 'venv', folder]);
  await run(join(folder, 'bin', 'python'), [
    ...install,
    '--no-deps',
    '--require-hashes',
    '--requirement',
    requirements,
  ]);
};

const findPython = async (): Promise<string> => {
  const check = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  for (const candidate of ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const works = await run(candidate, ['-c', check]).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  throw new Error('The rehearsal needs Python 3.10 or newer with venv (Debian: apt-get install python3 python3-venv).');
};

const run = (command: string, args: readonly string[]) => runChild(command, args, { env: process.env });

const describe = async (folder: string): Promise<Venv> => {
  const lib = join(folder, 'lib');
  const version = (await readdir(lib)).find((name) => name.startsWith('python3'));
  if (version === undefined) throw new Error(`${lib} holds no Python; delete ${folder} and run again`);
  return { python: join(folder, 'bin', 'python'), sitePackages: join(lib, version, 'site-packages') };
};
