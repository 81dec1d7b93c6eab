import type { HookEvents, ProjectHook } from '../../lib/domain/project-hook.ts';
import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';

/** What is seen of a project's hooks. */
export interface HooksSight {
  project: number;
  /** what they must tell of; undefined: nothing */
  needed: HookEvents | undefined;
  /** those with the stage's own address */
  hooks: readonly ProjectHook[];
  /** ids of those that go to the same path of another address */
  elsewhere: readonly number[];
  /** whether the hook secret has a signing token, so that only signatures count; undefined: it could not be read */
  signed: boolean | undefined;
}

/** The events that this hook should tell of and does not. */
const silentOn = (hook: HookEvents, needed: HookEvents): string[] => [
  ...(needed.pipeline && !hook.pipeline ? ['pipeline events'] : []),
  ...(needed.job && !hook.job ? ['job events'] : []),
];

/** Whether the hook does all that it must; if it rests is another question. */
export const isRight = (hook: ProjectHook, needed: HookEvents, signed: boolean): boolean =>
  silentOn(hook, needed).length === 0 && hook.sslVerification && !(signed && hook.signing === false);

const restFindings = (hook: string, { alertStatus }: ProjectHook, test: string): Finding[] => [
  ...when(
    alertStatus === 'disabled',
    wrong(
      `${hook} was switched off by GitLab, for it failed too often`,
      `${test} (a test that is answered well switches it on)`,
    ),
  ),
  ...when(
    alertStatus === 'temporarily_disabled',
    wrong(
      `${hook} rests after failures: GitLab sends nothing over it`,
      `${test} (a test that is answered well ends the rest)`,
    ),
  ),
];

const hookFindings = ({ project, needed, signed }: HooksSight, hook: ProjectHook, place: Place): Finding[] => {
  const name = `hook ${hook.id} of project ${project}`;
  const install = ours(`hooks install --project ${project}`, place);
  const silent = needed === undefined ? [] : silentOn(hook, needed);
  return [
    ...when(silent.length > 0, wrong(`${name} does not tell of ${silent.join(' and ')}`, install)),
    ...when(!hook.sslVerification, wrong(`${name} does not verify certificates`, install)),
    ...when(
      signed === true && hook.signing === false,
      wrong(`${name} has no signing token, and only signatures count`, install),
    ),
    ...when(
      signed === false && hook.signing === false,
      warning(`${name} is not signed: whoever reads its token can send hooks`, ours('rotate', place)),
    ),
    ...restFindings(name, hook, ours(`hooks test --project ${project}`, place)),
  ];
};

/** What is wrong with the hooks of a project. */
export const judgeHooks = (sight: HooksSight, place: Place): Finding[] => {
  const { project, needed, hooks, elsewhere } = sight;
  if (hooks.length > 0) return hooks.flatMap((hook) => hookFindings(sight, hook, place));
  if (needed === undefined) return [];
  const install = ours(`hooks install --project ${project}`, place);
  if (elsewhere.length === 0) return [wrong(`project ${project} has no hook of this stage`, install)];
  const what = `hook ${elsewhere.join(', ')} of project ${project} goes to another address than this stage's, and none goes there`;
  return [wrong(what, `${install}; if the other is of no use, delete it in GitLab: Settings → Webhooks`)];
};
