import { delimiter, join } from 'node:path';
import type { LocalAws } from '../aws.ts';
import { runChild } from '../children.ts';

const project = join(import.meta.dirname, '..', '..');

/** The stack as it is deployed in the local AWS. */
export interface Deployed {
  hookUrl: string;
  /** What a plain HTTP client must send to reach the API: on AWS the host's name says which API is meant. */
  hookHeaders: Record<string, string>;
  stateMachineArn: string;
  journalTable: string;
}

/** Deploys serverless.yml into the local AWS with the same command that ops use (about 12 s; again, about 8 s). */
export const deployStack = async (aws: LocalAws, log?: (line: string) => void): Promise<Deployed> => {
  const path = [join(project, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const printed = await runChild('serverless', ['deploy', '--stage', 'local', '--region', aws.region], {
    env: { PATH: path, HOME: process.env.HOME, ...aws.env },
    cwd: project,
    ...(log && { log }),
  });
  const api = /https:\/\/(\w+)\.execute-api\./.exec(printed)?.[1];
  if (api === undefined) throw new Error(`the deploy tool named no endpoint:\n${printed}`);
  return {
    hookUrl: `${aws.url}/webhooks/pipeline`,
    hookHeaders: { Host: `${api}.execute-api.localhost` },
    // MiniStack's partition is `aws` in every region.
    stateMachineArn: `arn:aws:states:${aws.region}:${aws.account}:stateMachine:drawbridge-local-deploy`,
    journalTable: 'drawbridge-local-journal',
  };
};
