import { RotationFailure } from '../domain/failure.ts';
import { eventsNeeded, type HookEvents, type HookValues, type ProjectHook } from '../domain/project-hook.ts';
import type { ProjectHooks } from '../ports/project-hooks.ts';
import type { Targets } from '../ports/targets.ts';
import type { ManagerCredentials } from '../ports/vault.ts';
import { sideBySide } from './side-by-side.ts';

export interface HookProjectsPorts {
  hooks: ProjectHooks;
  targets: Pick<Targets, 'all'>;
  manager: () => Promise<ManagerCredentials>;
  /** where GitLab sends its hooks to: whose URL this is, that hook is ours */
  hookUrl: string;
}

/** A project and its hooks of ours; `events`: what a hook must tell of, absent when it needs none. */
export interface HookProject {
  project: number;
  events: HookEvents | undefined;
  ours: readonly ProjectHook[];
}

const atOnce = 8;

/** Before there are any targets, hooks can be set up in the one project that the GitLab secret names. */
const wanted = async ({ targets, manager }: HookProjectsPorts): Promise<Omit<HookProject, 'ours'>[]> => {
  const all = await targets.all();
  if (all.length > 0)
    return all.map((one) => ({ project: one.project, events: eventsNeeded(one.targets, one.broken.length > 0) }));
  const { project } = await manager();
  if (project === undefined)
    throw new RotationFailure('RotationRefused', 'no project to set a hook in: no target, and no gitlab_project_id');
  return [{ project, events: { pipeline: true, job: false } }];
};

/** Every project that has targets, and its hooks of ours. Raises OutOfReach if only one of them is, before anything is changed. */
export const findHooks = async (ports: HookProjectsPorts): Promise<HookProject[]> =>
  sideBySide(await wanted(ports), atOnce, async ({ project, events }) => {
    const hooks = await ports.hooks.list(project);
    return { project, events, ours: hooks.filter(({ url }) => url === ports.hookUrl) };
  });

/** On every hook of ours. */
export const setHooks = async (
  { hooks }: HookProjectsPorts,
  projects: readonly HookProject[],
  values: HookValues,
): Promise<void> => {
  await sideBySide(projects, atOnce, async ({ project, ours }) => {
    for (const { id } of ours) await hooks.set(project, id, values);
  });
};

/** One hook for each project that needs one and has none. */
export const addMissingHooks = async (
  { hooks }: HookProjectsPorts,
  projects: readonly HookProject[],
  values: HookValues,
): Promise<void> => {
  await sideBySide(projects, atOnce, async ({ project, events, ours }) => {
    if (ours.length === 0 && events !== undefined) await hooks.create(project, values, events);
  });
};

/** Has GitLab send something over every hook of ours; answers how many there are. Raises NotProven. */
export const testHooks = async ({ hooks }: HookProjectsPorts, projects: readonly HookProject[]): Promise<number> => {
  await sideBySide(projects, atOnce, async ({ project, ours }) => {
    for (const { id } of ours) await hooks.test(project, id);
  });
  return projects.flatMap(({ ours }) => ours).length;
};
