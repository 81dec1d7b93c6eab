import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';

/** What is seen of one secret; never a value. */
export interface SecretSight {
  name: string;
  /** a version is AWSCURRENT */
  filled: boolean;
  /** why the value cannot be used: it names keys */
  problem?: string;
  rotationEnabled: boolean;
}

export interface SecretsSight {
  hook: SecretSight;
  gitlab: SecretSight;
  manager: SecretSight;
  /** whether gitlab_token replaces itself, without a manager's */
  rotatesItself: boolean;
}

const put = (name: string, file: string): string =>
  `aws secretsmanager put-secret-value --secret-id ${name} --secret-string file://${file}`;

const hookFindings = ({ name, filled, problem, rotationEnabled }: SecretSight, place: Place): Finding[] => {
  const rotate = ours('rotate', place);
  if (!filled) return [wrong(`secret ${name} has no value: every hook is answered 503`, rotate)];
  return [
    ...when(problem !== undefined, wrong(problem ?? '', `${put(name, 'hook.json')} (its keys: docs/setup.md, step 4)`)),
    ...when(!rotationEnabled, wrong(`secret ${name} is not rotated`, rotate)),
  ];
};

const gitlabFindings = ({ gitlab, manager, rotatesItself }: SecretsSight, place: Place): Finding[] => {
  const { name, filled, problem, rotationEnabled } = gitlab;
  const fill = `${put(name, 'gitlab.json')} (its keys: docs/setup.md, step 2)`;
  if (!filled) return [wrong(`secret ${name} has no value: GitLab cannot be asked`, fill)];
  return [
    ...when(problem !== undefined, wrong(problem ?? '', fill)),
    ...when(
      !rotationEnabled && (manager.filled || rotatesItself),
      warning(`secret ${name} is not rotated`, ours('rotate', place)),
    ),
  ];
};

const managerFindings = ({ manager: { name, filled, problem }, rotatesItself }: SecretsSight): Finding[] => {
  const fill = `${put(name, 'manager.json')} (docs/rotation.md, "The manager's token")`;
  return [
    ...when(problem !== undefined, wrong(problem ?? '', fill)),
    ...when(
      !filled && !rotatesItself,
      warning(`secret ${name} has no value: gitlab_token stands in for setting hooks, and is not replaced`, fill),
    ),
  ];
};

/** What is wrong with the stage's secrets. */
export const judgeSecrets = (sight: SecretsSight, place: Place): Finding[] => [
  ...hookFindings(sight.hook, place),
  ...gitlabFindings(sight, place),
  ...managerFindings(sight),
];
