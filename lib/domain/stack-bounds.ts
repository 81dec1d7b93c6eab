import { matchesPattern } from './target.ts';

/** What this stack may touch: ARN patterns that ops set at deployment, not a target's choice. */
export interface StackBounds {
  partition: string;
  region: string;
  account: string;
  services: readonly string[];
  repositories: readonly string[];
}

const arn = ({ partition, region, account }: StackBounds, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

const within = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => matchesPattern(pattern, name));

export const serviceArn = (bounds: StackBounds, { cluster, service }: { cluster: string; service: string }): string =>
  arn(bounds, 'ecs', `service/${cluster}/${service}`);

export const repositoryArn = (bounds: StackBounds, repository: string): string =>
  arn(bounds, 'ecr', `repository/${repository}`);

/** The first thing this target would touch that lies outside the bounds, as its ARN; undefined when all lies inside. */
export const outsideBounds = (
  bounds: StackBounds,
  target: { cluster: string; service: string; repository: string },
): string | undefined => {
  const service = serviceArn(bounds, target);
  if (!within(bounds.services, service)) return service;
  const repository = repositoryArn(bounds, target.repository);
  return within(bounds.repositories, repository) ? undefined : repository;
};
