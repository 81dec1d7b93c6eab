import type { Rehearsal } from '../rehearsal.ts';
import type { SeededPlatform, SeededTarget } from '../seeded-platform.ts';

/** All that a client in any language needs to use the world. What there is not yet is null. */
export interface ReadyWorld {
  hookUrl: string;
  /** where the notifications of GitLab's registry go */
  registryHookUrl: string;
  /** what a plain HTTP client must send beside GitLab's own headers */
  hookHeaders: Record<string, string>;
  webhookToken: string;
  signingToken: string | null;
  /** what the registry sends in `Authorization: Bearer` */
  registryToken: string;
  gitlabUrl: string;
  gitlabToken: string;
  /** the host in images' names, of those in GitLab's registry */
  registryHost: string;
  /** and of those in this account's ECR */
  ecrHost: string;
  loadBalancerUrl: string;
  /** ECS, ECR and Elastic Load Balancing; `/_fleet` there is its control */
  fleetUrl: string;
  /** every other service; a rotation of a secret works there as AWS has it */
  awsEndpointUrl: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  targets: SeededTarget[];
}

export const readyWorld = (
  rehearsal: Rehearsal,
  { target, registryHost: ecrHost }: Pick<SeededPlatform, 'target' | 'registryHost'>,
  swapped: SeededTarget,
): ReadyWorld => {
  const { aws, gitlab, fleet, hookUrl, registryHookUrl, hookHeaders, webhookToken, registryToken } = rehearsal;
  return {
    hookUrl,
    registryHookUrl,
    hookHeaders,
    webhookToken,
    signingToken: null,
    registryToken,
    gitlabUrl: gitlab.url,
    gitlabToken: gitlab.token,
    registryHost: gitlab.registryHost,
    ecrHost,
    loadBalancerUrl: rehearsal.loadBalancerUrl,
    fleetUrl: fleet.url,
    awsEndpointUrl: rehearsal.recorder.url,
    region: aws.region,
    accessKeyId: aws.accessKeyId,
    secretAccessKey: aws.secretAccessKey,
    targets: [target, swapped],
  };
};
