import { splitImageName } from '../../lib/domain/image-reference.ts';
import { allOutside, type Outside, type StackBounds } from '../../lib/domain/stack-bounds.ts';
import { matchesPattern, targetLabel, type Target } from '../../lib/domain/target.ts';
import type { ProjectTargets } from '../../lib/ports/targets.ts';
import { ours, when, wrong, type Finding, type Place } from './finding.ts';

export interface TargetsSight {
  projects: readonly ProjectTargets[];
  bounds: StackBounds;
}

/** The parameter of the deployment by which it may be touched. */
const parameters: Readonly<Record<Outside['part'], string>> = {
  service: 'mayTouchServices',
  idleService: 'mayTouchServices',
  repository: 'mayTouchRepositories',
  production: 'mayTouchListenerRules',
  testRule: 'mayTouchListenerRules',
  retire: 'mayDeleteServices',
};

const deployWith = ({ stage, region }: Place, parameter: string): string =>
  `npx serverless deploy --stage ${stage} --region ${region} --param="${parameter}=…"`;

const repositoryOf = ({ copy, image = '' }: Target): string =>
  copy?.repository ?? splitImageName(image)?.repository ?? '';

const swapOf = ({ strategy }: Target) => (strategy.type === 'blue-green' ? strategy.swap : undefined);

/** Where a thing lies: partition, region and account. */
type Where = Pick<StackBounds, 'partition' | 'region' | 'account'>;

const whereOf = (arn: string): Where => {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
};

/** Why it lies elsewhere; the ARN may be a pattern. */
const foreign = (arn: string, { partition, region, account }: Where): string | undefined => {
  const its = whereOf(arn);
  if (!matchesPattern(its.partition, partition)) return `it is in partition ${its.partition}, and not in ${partition}`;
  if (!matchesPattern(its.region, region)) return `it is in region ${its.region}, and not in ${region}`;
  return matchesPattern(its.account, account) ? undefined : 'it is in another account';
};

/** Target groups are in no bounds; they can only be where their rule is. */
const strangeGroups = (target: Target): { arn: string; why: string }[] => {
  const swap = swapOf(target);
  if (swap === undefined) return [];
  const where = whereOf(swap.production.arn);
  return swap.targetGroups.flatMap((arn) => {
    const why = foreign(arn, where);
    return why === undefined ? [] : [{ arn, why }];
  });
};

const outsideFinding = (label: string, { part, resource }: Outside, bounds: StackBounds, place: Place): Finding => {
  const why = part === 'retire' ? undefined : foreign(resource, bounds);
  if (why === undefined)
    return wrong(
      `target ${label} would touch ${resource}, which this stack may not`,
      deployWith(place, parameters[part]),
    );
  const remedy = `correct the ARN in its file, then: ${ours('targets apply <file>', place)}`;
  return wrong(`target ${label} names ${resource}, which this stack may not touch: ${why}`, remedy);
};

const oneTarget = (target: Target, bounds: StackBounds, place: Place): Finding[] => {
  const label = targetLabel(target);
  const { cluster, service } = target;
  const outside = allOutside(bounds, { cluster, service, repository: repositoryOf(target), swap: swapOf(target) });
  return [
    ...outside.map((one) => outsideFinding(label, one, bounds, place)),
    ...(outside.some(({ part }) => part === 'production') ? [] : strangeGroups(target)).map(({ arn, why }) =>
      wrong(
        `target ${label} names ${arn}, which cannot be behind its listener: ${why}`,
        `correct the ARN in its file, then: ${ours('targets apply <file>', place)}`,
      ),
    ),
  ];
};

const boundsFindings = (bounds: StackBounds, place: Place): Finding[] => {
  const named = [
    ...bounds.services.map((arn) => ({ arn, parameter: parameters.service })),
    ...bounds.repositories.map((arn) => ({ arn, parameter: parameters.repository })),
    ...bounds.listenerRules.map((arn) => ({ arn, parameter: parameters.production })),
  ];
  return named.flatMap(({ arn, parameter }) => {
    const why = foreign(arn, bounds);
    const what = `the stack's parameter ${parameter} names ${arn}: ${why ?? ''}`;
    return when(why !== undefined, wrong(what, deployWith(place, parameter)));
  });
};

/** What is wrong with targets, and with what the stack may touch, before anything is looked up. */
export const judgeTargets = ({ projects, bounds }: TargetsSight, place: Place): Finding[] => [
  ...boundsFindings(bounds, place),
  ...projects.flatMap(({ project, broken }) =>
    broken.flatMap(({ name, problems }) =>
      problems.map((problem) =>
        wrong(
          `target ${targetLabel({ project, name })} cannot be used: ${problem}`,
          `correct its file, then: ${ours('targets apply <file>', place)}`,
        ),
      ),
    ),
  ),
  ...projects.flatMap(({ targets }) => targets.flatMap((target) => oneTarget(target, bounds, place))),
];
