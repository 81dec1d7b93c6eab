import type { HookEvents, ProjectHook } from '../lib/domain/project-hook.ts';
import { judgeHooks } from './doctor/hooks.ts';
import type { Finding, Place } from './doctor/finding.ts';
import { exitCodes } from './exit-codes.ts';
import type { HookDone, HookView } from './hooks.ts';
import type { Printed } from './printed.ts';

const eventsText = ({ pipeline, job }: HookEvents): string =>
  [...(pipeline ? ['pipelines'] : []), ...(job ? ['jobs'] : [])].join(' and ') || 'nothing of ours';

const signingText = ({ signing }: ProjectHook): string => (signing === true ? 'signed' : 'not signed');

const hookLine = (project: number, hook: ProjectHook): string => {
  const ssl = hook.sslVerification ? 'verifies certificates' : 'verifies no certificates';
  const told = [`tells of ${eventsText(hook)}`, signingText(hook), ssl, hook.alertStatus ?? 'its status is not told'];
  return `project ${project}: hook ${hook.id}: ${told.join(', ')}`;
};

const viewLines = (view: HookView): string[] => {
  if ('failed' in view) return [`project ${view.project}: ${view.failed}`];
  if (view.ours.length > 0) return view.ours.map((hook) => hookLine(view.project, hook));
  return view.needed === undefined ? [`project ${view.project}: no hook, and it needs none`] : [];
};

/** What is wrong, and the command that mends it. */
export const findingLines = ({ severity, what, remedy }: Finding): string[] => [
  `${severity}: ${what}`,
  `  → ${remedy}`,
];

/** `signed`: whether the hook secret has a signing token; undefined: it could not be read. */
export const listLines = (views: readonly HookView[], place: Place, signed: boolean | undefined): Printed => {
  const findings = views.flatMap((view) =>
    'failed' in view ? [] : judgeHooks({ ...view, hooks: view.ours, signed }, place),
  );
  const isWell = !views.some((view) => 'failed' in view) && !findings.some(({ severity }) => severity === 'wrong');
  return {
    lines: [...views.flatMap(viewLines), ...findings.flatMap(findingLines)],
    value: { projects: views.map(withoutUrls), findings },
    code: isWell ? exitCodes.well : exitCodes.wrong,
  };
};

// Ours is the stack's output, and others' may hold what is nobody's business.
const withoutUrls = (view: HookView): object =>
  'failed' in view ? view : { ...view, ours: view.ours.map((hook) => ({ ...hook, url: undefined })) };

const doneText = ({ hooks, what, because = '' }: HookDone): string => {
  if (what === 'failed') return `failed: ${because}`;
  if (what === 'made') return 'a hook was made';
  if (what === 'not needed') return 'needs no hook: its images come with the notifications of the registry';
  if (what === 'right already') return 'its hook is right already';
  return `hook ${hooks.join(', ')} ${what === 'tested' ? 'was answered well' : 'was set right'}`;
};

export const doneLines = (done: readonly HookDone[]): Printed => ({
  lines:
    done.length === 0
      ? ['no project has targets; name one: --project <id>']
      : done.map((one) => `project ${one.project}: ${doneText(one)}`),
  value: { projects: done },
  code: done.some(({ what }) => what === 'failed') ? exitCodes.wrong : exitCodes.well,
});
