import { serviceLabel } from '../lib/domain/deployment.ts';
import { targetLabel, type Trigger } from '../lib/domain/target.ts';
import type { ProjectTargets, Targets } from '../lib/ports/targets.ts';

export interface ListedTarget {
  /** `<project>/<name>` */
  target: string;
  /** what it waits for: `pipeline main` */
  trigger: string;
  /** `<cluster>/<service>` */
  service: string;
  strategy: string;
  environment?: string;
}

export interface ListOutput {
  targets: ListedTarget[];
  /** those whose documents cannot be used; `problems` name fields, never values */
  broken: { target: string; problems: readonly string[] }[];
}

const triggerText = (on: Trigger): string => {
  if (on.kind === 'pipeline') return `pipeline ${on.ref}`;
  if (on.kind === 'job') return `job ${on.job} on ${on.ref}`;
  return on.kind === 'tag' ? `tag ${on.pattern}` : `image ${on.repository}:${on.tag}`;
};

const listed = ({ targets }: ProjectTargets): ListedTarget[] =>
  targets.map((target) => ({
    target: targetLabel(target),
    trigger: triggerText(target.on),
    service: serviceLabel(target),
    strategy: target.strategy.type,
    ...(target.environment === undefined ? {} : { environment: target.environment }),
  }));

/** All targets of the stage, or of one project. Raises AwsUnavailable, AwsRefused. */
export const listTargets =
  ({ targets }: { targets: Pick<Targets, 'all' | 'ofProject'> }) =>
  async ({ project }: { project?: number }): Promise<ListOutput> => {
    const projects = project === undefined ? await targets.all() : [{ project, ...(await targets.ofProject(project)) }];
    return {
      targets: projects.flatMap(listed),
      broken: projects.flatMap((one) =>
        one.broken.map(({ name, problems }) => ({ target: targetLabel({ project: one.project, name }), problems })),
      ),
    };
  };
