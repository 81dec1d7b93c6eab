import { matchesPattern, targetLabel, type Target } from '../../lib/domain/target.ts';
import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';

/** What GitLab says of a project; all else is undefined when it shows us no such project. */
export interface ProjectSight {
  project: number;
  targets: readonly Target[];
  /** whether gitlab_token sees it */
  known: boolean;
  /** names or patterns */
  protectedBranches: readonly string[];
  protectedTags: readonly string[];
  protectedEnvironments: readonly string[];
  /** names */
  variables: readonly string[];
  /** whether a rule covers the target's image tags, by the target's name; absent where it does not matter or is not shown */
  imageTags: ReadonlyMap<string, boolean>;
}

const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

const covered = (patterns: readonly string[], ref: string): boolean =>
  patterns.some((pattern) => matchesPattern(pattern, ref));

/** The ref that a target waits for and GitLab lets anybody push. A pipeline's may be a branch or a tag. */
const unprotectedRef = ({ on, unprotectedRefs }: Target, sight: ProjectSight): string | undefined => {
  if (unprotectedRefs === true || on.kind === 'image') return undefined;
  if (on.kind === 'tag') return covered(sight.protectedTags, on.pattern) ? undefined : `tag ${on.pattern}`;
  const isCovered = covered([...sight.protectedBranches, ...sight.protectedTags], on.ref);
  return isCovered ? undefined : `branch or tag ${on.ref}`;
};

const targetFindings = (target: Target, sight: ProjectSight, place: Place): Finding[] => {
  const label = targetLabel(target);
  const ref = unprotectedRef(target, sight);
  const { environment = '' } = target;
  const otherwise = `or say unprotected_refs in the target: ${ours('targets apply <file>', place)}`;
  const tagsOtherwise = `or say unprotected_tags in the target: ${ours('targets apply <file>', place)}`;
  return [
    ...when(
      ref !== undefined,
      wrong(
        `target ${label}: ${ref ?? ''} is not protected in GitLab, and deployments of it end as NotConfirmed`,
        `protect it: Settings → Repository; ${otherwise}`,
      ),
    ),
    ...when(
      sight.imageTags.get(target.name) === false,
      wrong(
        `target ${label}: no rule of GitLab's covers the tags of its images`,
        `add one: Settings → Packages and registries → Container registry → Protected container tags; ${tagsOtherwise}`,
      ),
    ),
    ...when(
      environment !== '' && covered(sight.protectedEnvironments, environment),
      warning(
        `target ${label}: environment ${environment} is protected in GitLab, and deployments that are told by the API need none of its approvals`,
        `where an approval must count, let the target wait for the job that needs it (on.job): ${ours('targets apply <file>', place)}`,
      ),
    ),
  ];
};

/** What is wrong with a project's settings in GitLab. */
export const judgeProject = (sight: ProjectSight, place: Place): Finding[] => {
  const { project, known, targets, variables } = sight;
  if (!known) {
    const remedy = `give gitlab_token's user the role Reporter there, or correct the id and: ${ours('targets apply <file>', place)}`;
    return [wrong(`GitLab shows gitlab_token no project ${project}`, remedy)];
  }
  const left = keys.filter((key) => variables.includes(key));
  return [
    ...targets.flatMap((target) => targetFindings(target, sight, place)),
    ...when(
      left.length > 0,
      warning(
        `project ${project} still has ${left.join(', ')} among its CI variables`,
        `delete them in GitLab: Settings → CI/CD → Variables, then the key: aws iam delete-access-key --access-key-id <id> (docs/from-keys-to-none.md)`,
      ),
    ),
  ];
};
