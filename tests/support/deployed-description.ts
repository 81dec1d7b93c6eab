import type { Rehearsal } from '../../local/rehearsal.ts';

/** What end-to-end tests need to know of the deployed rehearsal, which runs in another process. */
export interface DeployedDescription {
  hookUrl: string;
  hookHeaders: Record<string, string>;
  webhookToken: string;
  stateMachineArn: string;
  fleetUrl: string;
  gitlabUrl: string;
  awsUrl: string;
  region: string;
  account: string;
  accessKeyId: string;
  secretAccessKey: string;
  seed: number;
}

export const describeForTests = (rehearsal: Rehearsal): DeployedDescription => ({
  hookUrl: rehearsal.hookUrl,
  hookHeaders: rehearsal.hookHeaders,
  webhookToken: rehearsal.webhookToken,
  stateMachineArn: rehearsal.stateMachineArn,
  fleetUrl: rehearsal.fleet.url,
  gitlabUrl: rehearsal.gitlab.url,
  awsUrl: rehearsal.aws.url,
  region: rehearsal.aws.region,
  account: rehearsal.aws.account,
  accessKeyId: rehearsal.aws.accessKeyId,
  secretAccessKey: rehearsal.aws.secretAccessKey,
  seed: rehearsal.seed,
});
