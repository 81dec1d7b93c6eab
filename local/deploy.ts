import { join } from 'node:path';
import type { LocalAws } from './aws.ts';
import { runChild } from './children.ts';
import { seedNames } from './seed-names.ts';

export const project = join(import.meta.dirname, '..');
export const stage = 'local';

/** Everything of the seed's platform may be touched here, so that each test can have a service of its own. */
const bounds = ({ region, account }: LocalAws): string[] => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return [
    `--param=mayTouchServices=${arn('ecs', `service/${seedNames.cluster}/*`)}`,
    `--param=mayTouchRepositories=${arn('ecr', 'repository/govcloud-ml-platform-*')}`,
  ];
};

/** Deploys the stack as ops do, with the same tool and the same command; only the endpoints differ. */
export const deployStack = async (aws: LocalAws, log: (line: string) => void): Promise<void> => {
  const tool = join(project, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const args = [tool, 'deploy', '--stage', stage, '--region', aws.region, ...bounds(aws)];
  const env = { ...aws.env, PATH: process.env['PATH'], HOME: process.env['HOME'], CI: '1' };
  await runChild(process.execPath, args, { env, cwd: project, log });
};
