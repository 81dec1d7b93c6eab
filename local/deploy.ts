import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAws } from './aws.ts';
import { runChild } from './children.ts';
import { seedNames } from './seed-names.ts';

export const project = join(import.meta.dirname, '..');
export const stage = 'local';

/** Everything of the seed's platform may be touched here, so that each test can have a service of its own. */
export const boundParameters = ({ region, account }: Pick<LocalAws, 'region' | 'account'>): string[] => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  // The fleet's own ARNs are of the region's partition; MiniStack knows `aws` alone.
  const balanced = (what: string) => `arn:aws*:elasticloadbalancing:${region}:${account}:${what}/app/rehearsal/*`;
  return [
    `--param=mayTouchServices=${arn('ecs', `service/${seedNames.cluster}/*`)}`,
    `--param=mayTouchRepositories=${arn('ecr', 'repository/govcloud-ml-platform-*')}`,
    `--param=mayTouchListenerRules=${balanced('listener-rule')},${balanced('listener')}`,
    '--param=mayDeleteServices=true',
  ];
};

// The tool keeps its state in `.serverless` beside serverless.yml, and what git ignores is none of its business.
const ownByRun = new Set(['.serverless', '.git', '.rehearsal', 'coverage']);

/** A folder that looks like the project but has a `.serverless` of its own, so that two runs can deploy side by side. */
export const viewOfProject = async (): Promise<string> => {
  const view = await mkdtemp(join(tmpdir(), 'drawbridge-deploy-'));
  const names = (await readdir(project)).filter((name) => !ownByRun.has(name));
  // The tool wants serverless.yml itself to be a file.
  const put = (name: string) => (name === 'serverless.yml' ? copyFile : symlink)(join(project, name), join(view, name));
  await Promise.all(names.map(put));
  return view;
};

/** Deploys the stack as ops do, with the same tool and the same command; only the endpoints differ. */
export const deployStack = async (aws: LocalAws, log: (line: string) => void): Promise<void> => {
  const tool = join(project, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const args = [tool, 'deploy', '--stage', stage, '--region', aws.region, ...boundParameters(aws)];
  const cwd = await viewOfProject();
  const env = { ...aws.env, PATH: process.env['PATH'], HOME: cwd, CI: '1' };
  try {
    await runChild(process.execPath, args, { env, cwd, log });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
};
