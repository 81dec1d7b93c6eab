import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { viewOfProject } from '../../../local/deploy.ts';
import { ensureAwsCliVenv } from '../../../local/venv.ts';
import { openBash, type Bash } from './bash.ts';

/** Who sits before a shell in a folder of the project, with AWS's CLI on the PATH. */
export interface Reader extends Pick<Bash, 'run'> {
  close(): Promise<void>;
}

/** The venv's own script names the folder that it was built in, and that has moved since. */
const awsScript = (python: string): string => `#!/bin/sh\nexec '${python}' -m awscli "$@"\n`;

/** Nothing of whoever runs the tests: no profile, no key, no stage. */
const environment = (home: string, env: Record<string, string>): NodeJS.ProcessEnv => ({
  ...env,
  PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter),
  HOME: home,
  LANG: 'C.UTF-8',
  CI: '1',
  AWS_PAGER: '',
});

/** `env`: what finds the world. */
export const openReader = async (env: Record<string, string>): Promise<Reader> => {
  const { python } = await ensureAwsCliVenv();
  const home = await mkdtemp(join(tmpdir(), 'drawbridge-reader-'));
  await mkdir(join(home, 'bin'));
  await writeFile(join(home, 'bin', 'aws'), awsScript(python), { mode: 0o755 });
  const view = await viewOfProject();
  const shell = openBash(home, view, environment(home, env));
  return {
    run: (commands, typed) => shell.run(commands, typed),
    close: async () => {
      await shell.close();
      await Promise.all([home, view].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
};
