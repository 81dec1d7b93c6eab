import { RotationFailure } from '../../lib/domain/failure.ts';
import type { AlertStatus, HookEvents, HookValues, ProjectHook } from '../../lib/domain/project-hook.ts';
import type { ProjectHooks } from '../../lib/ports/project-hooks.ts';

/** A hook as GitLab keeps it. */
export interface KeptHook extends HookValues {
  id: number;
  events: HookEvents;
  sslVerification: boolean;
  alertStatus: AlertStatus;
}

/** GitLab's hooks in memory, by project. A project that is not in it is out of reach. */
export interface MemoryProjectHooks extends ProjectHooks {
  projects: Map<number, KeptHook[]>;
  /** `unknown`: older than signing tokens; `swallowed`: takes one and does not keep it, as with GitLab's feature flag off */
  signing: 'kept' | 'swallowed' | 'unknown';
  /** what the receiver says to a hook that is sent now */
  accepts: (hook: KeptHook) => boolean;
  /** what was asked, as `<method> <project>` */
  asked: string[];
  /** Puts a hook there as a person does; answers its id. */
  add: (project: number, values: HookValues, events?: HookEvents) => number;
}

const outOfReach = (project: number) =>
  new RotationFailure('OutOfReach', 'GitLab shows no such project or hook', { facts: { project } });

export const memoryProjectHooks = (...projects: number[]): MemoryProjectHooks => {
  let ids = 0;
  const of = (method: string, project: number): KeptHook[] => {
    memory.asked.push(`${method} ${project}`);
    const hooks = memory.projects.get(project);
    if (hooks === undefined) throw outOfReach(project);
    return hooks;
  };
  const one = (method: string, project: number, id: number): KeptHook => {
    const hook = of(method, project).find((kept) => kept.id === id);
    if (hook === undefined) throw outOfReach(project);
    return hook;
  };
  /** GitLab forgets a hook's tokens when its URL changes. */
  const keep = (hook: KeptHook, { url, token, signingToken }: HookValues): void => {
    if (hook.url !== url) delete hook.signingToken;
    Object.assign(hook, { url, token });
    if (signingToken !== undefined && memory.signing === 'kept') hook.signingToken = signingToken;
  };
  const shown = ({ id, url, signingToken, events, sslVerification, alertStatus }: KeptHook): ProjectHook => ({
    ...{ id, url, ...events, sslVerification, alertStatus, disabledUntil: undefined },
    signing: memory.signing === 'unknown' ? undefined : signingToken !== undefined,
  });
  const add: MemoryProjectHooks['add'] = (project, values, events = { pipeline: true, job: false }) => {
    ids += 1;
    const hook: KeptHook = {
      ...{ id: ids, url: values.url, token: '', events },
      sslVerification: true,
      alertStatus: 'executable',
    };
    keep(hook, values);
    memory.projects.get(project)?.push(hook);
    return ids;
  };
  const memory: MemoryProjectHooks = {
    projects: new Map(projects.map((project) => [project, []])),
    signing: 'kept',
    accepts: () => true,
    asked: [],
    add,
    list: async (project) => Promise.resolve(of('list', project).map(shown)),
    create: async (project, values, events) => {
      of('create', project);
      add(project, values, events);
      return Promise.resolve();
    },
    set: async (project, id, values, events) => {
      const hook = one('set', project, id);
      keep(hook, values);
      if (events !== undefined) Object.assign(hook, { events, sslVerification: true });
      return Promise.resolve();
    },
    test: async (project, id) => {
      if (memory.accepts(one('test', project, id))) return Promise.resolve();
      throw new RotationFailure('NotProven', 'the hook was not accepted', { facts: { project } });
    },
  };
  return memory;
};
