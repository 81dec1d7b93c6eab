import { sideBySide } from '../lib/app/side-by-side.ts';
import { eventsNeeded, type HookEvents, type HookValues, type ProjectHook } from '../lib/domain/project-hook.ts';
import type { ProjectHooks } from '../lib/ports/project-hooks.ts';
import type { ProjectTargets, Targets } from '../lib/ports/targets.ts';
import { isRight } from './doctor/hooks.ts';
import { saidBy } from './said-by.ts';

export interface HooksPorts extends ViewPorts {
  hooks: ProjectHooks;
}

/** What it takes to look at hooks. */
export interface ViewPorts {
  hooks: Pick<ProjectHooks, 'list'>;
  targets: Pick<Targets, 'all' | 'ofProject'>;
  /** whose URL this is, that hook is ours */
  hookUrl: string;
}

/** A project and its hooks; `failed`: what GitLab said instead of showing them. */
export type HookView = { project: number; needed: HookEvents | undefined } & (
  { ours: ProjectHook[]; elsewhere: number[] } | { failed: string }
);

const atOnce = 4;

/** Before a project has targets its pipelines are what it will most likely have to tell of. */
const neededBy = ({ targets, broken }: Omit<ProjectTargets, 'project'>): HookEvents | undefined =>
  targets.length + broken.length === 0 ? { pipeline: true, job: false } : eventsNeeded(targets, broken.length > 0);

const pathOf = (url: string): string | undefined => URL.parse(url)?.pathname;

const viewOf = async (ports: ViewPorts, { project, ...had }: ProjectTargets): Promise<HookView> => {
  const needed = neededBy(had);
  try {
    const hooks = await ports.hooks.list(project);
    const isOurs = ({ url }: ProjectHook): boolean => url === ports.hookUrl;
    const elsewhere = hooks.filter((hook) => !isOurs(hook) && pathOf(hook.url) === pathOf(ports.hookUrl));
    return { project, needed, ours: hooks.filter(isOurs), elsewhere: elsewhere.map(({ id }) => id) };
  } catch (error) {
    return { project, needed, failed: saidBy(error) };
  }
};

/** The hooks of every project that has targets, or of the one. Raises what reading targets raises. */
export const viewHooks =
  (ports: ViewPorts) =>
  async ({ project }: { project?: number }): Promise<HookView[]> => {
    const { targets } = ports;
    const projects = project === undefined ? await targets.all() : [{ project, ...(await targets.ofProject(project)) }];
    return sideBySide(projects, atOnce, (one) => viewOf(ports, one));
  };

/** What a project's hooks came to. */
export interface HookDone {
  project: number;
  /** ids of hooks that it was done to */
  hooks: number[];
  what: 'made' | 'set right' | 'right already' | 'not needed' | 'tested' | 'failed';
  because?: string;
}

/** One project's part, whatever becomes of the others. */
const trying = async (view: HookView, act: (view: Extract<HookView, { ours: unknown }>) => Promise<HookDone>) => {
  const { project } = view;
  if ('failed' in view) return { project, hooks: [], what: 'failed' as const, because: view.failed };
  try {
    return await act(view);
  } catch (error) {
    return { project, hooks: [], what: 'failed' as const, because: saidBy(error) };
  }
};

/**
 * One hook for each project that needs one and has none; those that are there are set right. URL and tokens always go together, for
 * GitLab forgets the tokens of a hook whose URL changes. Done twice it does nothing more.
 */
export const installHooks =
  (ports: HooksPorts & { tokens: () => Promise<Omit<HookValues, 'url'>> }) =>
  async (which: { project?: number }): Promise<HookDone[]> => {
    const values = { url: ports.hookUrl, ...(await ports.tokens()) };
    const views = await viewHooks(ports)(which);
    return sideBySide(views, atOnce, (each) =>
      trying(each, async ({ project, needed, ours }) => {
        if (needed === undefined) return { project, hooks: [], what: 'not needed' };
        if (ours.length === 0) {
          await ports.hooks.create(project, values, needed);
          return { project, hooks: [], what: 'made' };
        }
        const bad = ours.filter((hook) => !isRight(hook, needed, values.signingToken !== undefined));
        for (const { id, pipeline, job } of bad)
          await ports.hooks.set(project, id, values, { pipeline: pipeline || needed.pipeline, job: job || needed.job });
        return { project, hooks: bad.map(({ id }) => id), what: bad.length === 0 ? 'right already' : 'set right' };
      }),
    );
  };

/** Has GitLab send each hook of ours the project's newest push, which starts nothing. */
export const testHooks =
  (ports: HooksPorts) =>
  async (which: { project?: number }): Promise<HookDone[]> =>
    sideBySide(await viewHooks(ports)(which), atOnce, (each) =>
      trying(each, async ({ project, ours }) => {
        if (ours.length === 0) return { project, hooks: [], what: 'failed', because: 'it has no hook of this stage' };
        for (const { id } of ours) await ports.hooks.test(project, id);
        return { project, hooks: ours.map(({ id }) => id), what: 'tested' };
      }),
    );
