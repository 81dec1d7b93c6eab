import type { Rehearsal } from '../../local/rehearsal.ts';
import { plant, type Planted } from './planted.ts';

/** What end-to-end tests need to know of the deployed rehearsal, which runs in another process. */
export interface DeployedDescription {
  /** the hook's URL as ops enter it, which GitLab alone finds */
  trueHookUrl: string;
  hookUrl: string;
  hookHeaders: Record<string, string>;
  webhookToken: string;
  registryHookUrl: string;
  registryToken: string;
  managerToken: string;
  stateMachineArn: string;
  fleetUrl: string;
  gitlabUrl: string;
  gitlabToken: string;
  /** host and port of GitLab's container registry */
  registryHost: string;
  awsUrl: string;
  region: string;
  account: string;
  accessKeyId: string;
  secretAccessKey: string;
  seed: number;
  /** how much faster world time runs than real time */
  speed: number;
  /** secrets of others, to be put where such are */
  planted: Planted;
  /** where the Lambdas' calls are recorded, and where secrets can be rotated */
  recorderUrl: string;
  /** whether the whole level is run, not some chosen tests of it */
  complete: boolean;
}

export const describeForTests = (rehearsal: Rehearsal, complete: boolean): DeployedDescription => ({
  trueHookUrl: rehearsal.trueHookUrl,
  hookUrl: rehearsal.hookUrl,
  hookHeaders: rehearsal.hookHeaders,
  webhookToken: rehearsal.webhookToken,
  registryHookUrl: rehearsal.registryHookUrl,
  registryToken: rehearsal.registryToken,
  managerToken: rehearsal.managerToken,
  stateMachineArn: rehearsal.stateMachineArn,
  fleetUrl: rehearsal.fleet.url,
  gitlabUrl: rehearsal.gitlab.url,
  gitlabToken: rehearsal.gitlab.token,
  registryHost: rehearsal.gitlab.registryHost,
  awsUrl: rehearsal.aws.url,
  region: rehearsal.aws.region,
  account: rehearsal.aws.account,
  accessKeyId: rehearsal.aws.accessKeyId,
  secretAccessKey: rehearsal.aws.secretAccessKey,
  seed: rehearsal.seed,
  speed: rehearsal.speed,
  planted: plant(),
  recorderUrl: rehearsal.recorder.url,
  complete,
});
