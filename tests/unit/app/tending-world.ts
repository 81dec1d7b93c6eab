import { hookLog } from '../../../lib/adapters/gitlab/hook-log.ts';
import { projectHooks } from '../../../lib/adapters/gitlab/project-hooks.ts';
import { tendHooks, type HooksTended, type TendHooksPorts } from '../../../lib/app/tend-hooks.ts';
import { targetLabel, type Target } from '../../../lib/domain/target.ts';
import { readPipelineHook } from '../../../lib/webhooks/read-pipeline-hook.ts';
import { memoryHookJournal, type MemoryHookJournal } from '../../support/memory-hook-journal.ts';
import { memoryJournal, type MemoryJournal } from '../../support/memory-journal.ts';
import { memoryTargets } from '../../support/memory-ports.ts';
import { target } from '../../support/samples.ts';
import { startDouble, type Double } from '../gitlab-double/receiver.ts';

/** tend-hooks beside the GitLab double, which sends to a door that answers as told; time passes only when a test says so. */
export interface TendingWorld {
  double: Double;
  ports: TendHooksPorts & { hookJournal: MemoryHookJournal; journal: MemoryJournal };
  targets: Target[];
  /** what was shown, in order */
  shown: string[];
  time: { remaining: number };
  /** A project with a push, a target and, unless it is told otherwise, a hook; answers the hook. */
  addProject(id: number, more?: { hook?: boolean; target?: Partial<Target> }): Promise<number>;
  /** What is sent meanwhile is answered so. */
  whileAnswering(status: number | 'none', act: () => Promise<unknown>): Promise<void>;
  /** A pipeline succeeds while the door answers so; answers its id. */
  succeed(project: number, status: number | 'none'): Promise<number>;
  /** The targets of the project have seen this pipeline, which finished long before. */
  saw(project: number, pipeline: number): void;
  tend: () => Promise<HooksTended>;
  /** `<method> <path>` of what was asked of GitLab since the last look, tests and resends only */
  asked(): Promise<string[]>;
}

export const startTending = async (): Promise<TendingWorld> => {
  const double = await startDouble();
  const { control, receiver, clock } = double;
  const { token } = await control.createAccessToken({ name: 'manager', accessLevel: 50 });
  const manager = () => Promise.resolve({ url: double.url, token, manager: true });
  const targets = memoryTargets();
  const shown: string[] = [];
  const time = { remaining: 300_000 };
  let looked = 0;
  const whileAnswering: TendingWorld['whileAnswering'] = async (status, act) => {
    // A short patience only where it is to run out: on a busy machine an answer takes its time.
    await control.setInstance({ webhookTimeout: status === 'none' ? 0.05 : 10 });
    receiver.answer.status = status;
    await act();
    await control.idle();
    receiver.answer.status = 202;
    await control.setInstance({ webhookTimeout: 10 });
  };
  const ports: TendingWorld['ports'] = {
    hooks: projectHooks(manager),
    log: hookLog(manager),
    hookJournal: memoryHookJournal(),
    journal: memoryJournal(),
    targets,
    read: readPipelineHook,
    clock: () => new Date(clock.now()),
    hookUrl: receiver.url,
    remaining: () => time.remaining,
    show: {
      notExecutable: (hooks) => shown.push(`${hooks} not executable`),
      missing: (projects) => shown.push(`${projects} missing`),
    },
  };
  return {
    ...{ double, ports, shown, time },
    targets: targets.targets,
    addProject: async (id, { hook = true, target: change = {} } = {}) => {
      if (id !== 4711) await control.createProject({ id, path: `acme/${id}` });
      await control.push({ project: id, ref: 'main' });
      targets.targets.push(target({ project: id, ...change }));
      if (!hook) return 0;
      const installed = { project: id, url: receiver.url, token: 'plain', pipelineEvents: true, jobEvents: true };
      return (await control.installHook(installed)).id;
    },
    whileAnswering,
    succeed: async (project, status) => {
      let id = 0;
      await whileAnswering(status, async () => ({ id } = await control.runPipeline({ project, jobs: [] })));
      return id;
    },
    saw: (project, pipeline) => {
      for (const one of targets.targets.filter((each) => each.project === project))
        ports.journal.orders.set(targetLabel(one), { version: 1, newestSeen: [pipeline, 4e9] });
    },
    tend: () => tendHooks(ports)(),
    asked: async () => {
      const all = await control.requests();
      const since = all.slice(looked);
      looked = all.length;
      const acts = since.filter(({ path }) => /\/(test|resend)(\/|$)/.test(path));
      return acts.map(({ method, path }) => `${method} ${path.replace(/^.*\/projects/, '')}`);
    },
  };
};
