import type { Input } from '../operation.ts';

/** A service, by the ARN of a part of it. */
export interface PartOwner {
  cluster: string;
  name: string;
}

/** `…:service-deployment/CLUSTER/SERVICE/ID` and `…:service-revision/CLUSTER/SERVICE/ID` name their service. */
export const ownerOfPart = (arn: string): PartOwner | undefined => {
  const [, cluster, name] = /:service-(?:deployment|revision)\/([^/]+)\/([^/]+)/.exec(arn) ?? [];
  return cluster === undefined || name === undefined ? undefined : { cluster, name };
};

/** ARNs of the service deployments and service revisions that a call names. */
export const partsIn = (input: Input): string[] =>
  ['serviceDeploymentArns', 'serviceRevisionArns', 'serviceDeploymentArn']
    .flatMap((member) => input[member] ?? [])
    .filter((arn) => typeof arn === 'string');
