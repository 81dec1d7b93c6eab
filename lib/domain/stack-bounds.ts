import type { BlueGreen } from './blue-green.ts';
import { matchesPattern } from './target.ts';

/** What this stack may touch: ARN patterns that ops set at deployment, not a target's choice. */
export interface StackBounds {
  partition: string;
  region: string;
  account: string;
  services: readonly string[];
  repositories: readonly string[];
  /** patterns of the ARNs of listener rules, and of listeners whose default action may be written */
  listenerRules: readonly string[];
  /** whether a service may be deleted once its colour is retired */
  mayDelete: boolean;
}

const arn = ({ partition, region, account }: StackBounds, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

const within = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => matchesPattern(pattern, name));

export const serviceArn = (bounds: StackBounds, { cluster, service }: { cluster: string; service: string }): string =>
  arn(bounds, 'ecs', `service/${cluster}/${service}`);

export const repositoryArn = (bounds: StackBounds, repository: string): string =>
  arn(bounds, 'ecr', `repository/${repository}`);

/** What a target would touch. `repository`: in this account's ECR. */
export interface Touched {
  cluster: string;
  service: string;
  repository: string;
  swap?: BlueGreen | undefined;
}

/** One thing outside: which part of the target names it, and its ARN, or the right that is missing. */
export interface Outside {
  part: 'service' | 'idleService' | 'repository' | 'production' | 'testRule' | 'retire';
  resource: string;
}

const unless = (inside: boolean, part: Outside['part'], resource: string): Outside[] =>
  inside ? [] : [{ part, resource }];

const swapOutside = (bounds: StackBounds, cluster: string, swap: BlueGreen): Outside[] => {
  const idle = serviceArn(bounds, { cluster, service: swap.idleService });
  const rule = (part: Outside['part'], ruleArn: string) => unless(within(bounds.listenerRules, ruleArn), part, ruleArn);
  return [
    ...unless(within(bounds.services, idle), 'idleService', idle),
    ...rule('production', swap.production.arn),
    ...(swap.test?.rule === undefined ? [] : rule('testRule', swap.test.rule)),
    ...unless(
      swap.retire !== 'delete' || bounds.mayDelete,
      'retire',
      'the right to delete services (mayDeleteServices)',
    ),
  ];
};

/** All that this target would touch and that lies outside the bounds. */
export const allOutside = (bounds: StackBounds, { repository, swap, ...name }: Touched): Outside[] => {
  const service = serviceArn(bounds, name);
  const images = repositoryArn(bounds, repository);
  return [
    ...unless(within(bounds.services, service), 'service', service),
    ...unless(within(bounds.repositories, images), 'repository', images),
    ...(swap === undefined ? [] : swapOutside(bounds, name.cluster, swap)),
  ];
};

/** The first thing this target would touch that lies outside the bounds; undefined when all lies inside. */
export const outsideBounds = (bounds: StackBounds, touched: Touched): string | undefined =>
  allOutside(bounds, touched)[0]?.resource;
