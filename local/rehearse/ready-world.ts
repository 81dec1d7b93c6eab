import type { Rehearsal } from '../rehearsal.ts';
import type { SeededPlatform, SeededTarget } from '../seeded-platform.ts';

/** All that a client in any language needs to use the world. What there is not yet is null. */
export interface ReadyWorld {
  hookUrl: string;
  registryHookUrl: string | null;
  /** what a plain HTTP client must send beside GitLab's own headers */
  hookHeaders: Record<string, string>;
  webhookToken: string;
  signingToken: string | null;
  registryToken: string | null;
  gitlabUrl: string;
  gitlabToken: string;
  /** the host in images' names: this account's ECR */
  registryHost: string;
  loadBalancerUrl: string;
  /** ECS, ECR and Elastic Load Balancing; `/_fleet` there is its control */
  fleetUrl: string;
  /** every other service */
  awsEndpointUrl: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  targets: SeededTarget[];
}

export const readyWorld = (rehearsal: Rehearsal, { target, registryHost }: SeededPlatform): ReadyWorld => {
  const { aws, gitlab, fleet, hookUrl, hookHeaders, webhookToken, loadBalancerUrl } = rehearsal;
  return {
    hookUrl,
    registryHookUrl: null,
    hookHeaders,
    webhookToken,
    signingToken: null,
    registryToken: null,
    gitlabUrl: gitlab.url,
    gitlabToken: gitlab.token,
    registryHost,
    loadBalancerUrl,
    fleetUrl: fleet.url,
    awsEndpointUrl: aws.url,
    region: aws.region,
    accessKeyId: aws.accessKeyId,
    secretAccessKey: aws.secretAccessKey,
    targets: [target],
  };
};
