import { targetLabel } from '../domain/target.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { Gitlab, GitlabLists } from '../ports/gitlab.ts';
import type { Journal } from '../ports/journal.ts';
import type { ReconcileCursor } from '../ports/reconcile-cursor.ts';
import type { Registry } from '../ports/registry.ts';
import type { ProjectTargets, Targets } from '../ports/targets.ts';
import type { Workflows } from '../ports/workflows.ts';
import { askedOnce } from './asked-once.ts';
import { inParts, type Parts } from './in-parts.ts';
import { cannotBeAsked, reconcileProject, type ProjectPorts } from './reconcile-project.ts';
import { sideBySide } from './side-by-side.ts';
import { timeLeft } from './time-left.ts';

/** Told as it happens: a failure at the end, or the end of the time, must not hide what was done. */
export interface ReconcileTold {
  started: (target: string, execution: string) => void;
  /** For so many targets there was no time; the next run begins with them. */
  behind: (targets: number) => void;
  /** A part of this project could not be done. */
  failed: (project: number, error: unknown) => void;
}

export interface ReconcilePorts {
  targets: Pick<Targets, 'all'>;
  gitlab: Pick<Gitlab, 'pipeline'> & GitlabLists;
  registry: Pick<Registry, 'digestOf'>;
  journal: Pick<Journal, 'ordersOf' | 'read' | 'jobDeployed'>;
  workflows: Workflows;
  cursor: ReconcileCursor;
  clock: Clock;
  pause: Pause;
  /** ms that are left of this invocation */
  remaining: () => number;
  told: ReconcileTold;
}

export interface ReconcileInput {
  /** only this project's targets; default: all */
  project?: number;
}

/** Counts of targets. */
export interface Reconciled {
  targets: number;
  /** of them, those that wait for images by a pattern, which nobody can be asked for */
  unaskable: number;
  /** of them, those that there was no time for */
  behind: number;
  /** deployments that began */
  started: number;
}

const atOnce = 8;
const ordersAtOnce = 100;

/** Projects one after the other, from the one after the cursor all the way round. */
const inTurn = (all: readonly ProjectTargets[], after: number | undefined): ProjectTargets[] => {
  const sorted = all.toSorted((a, b) => a.project - b.project);
  const isPassed = ({ project }: ProjectTargets) => after !== undefined && project <= after;
  return [...sorted.filter((one) => !isPassed(one)), ...sorted.filter(isPassed)];
};

/** Projects whose targets' orders are read together, and who are done before the cursor moves on. */
const stretches = (projects: readonly ProjectTargets[]): ProjectTargets[][] => {
  const all: ProjectTargets[][] = [];
  let room = 0;
  for (const one of projects) {
    if (room < one.targets.length) {
      all.push([]);
      room = ordersAtOnce;
    }
    room -= one.targets.length;
    all.at(-1)?.push(one);
  }
  return all;
};

const sizeOf = (projects: readonly ProjectTargets[]): number => projects.flatMap(({ targets }) => targets).length;

type StretchPorts = Omit<ProjectPorts, 'orders' | 'part'> & { journal: ReconcilePorts['journal']; told: ReconcileTold };

/** Answers how many targets of each project there was no time for. */
const reconcileStretch = async (
  ports: StretchPorts,
  stretch: readonly ProjectTargets[],
  { part }: Parts,
): Promise<number[]> => {
  const orders = await ports.journal.ordersOf(stretch.flatMap(({ targets }) => targets.map(targetLabel)));
  return sideBySide(stretch, atOnce, async (one) => {
    const told = async <T>(act: () => Promise<T>): Promise<T> => {
      try {
        return await act();
      } catch (error) {
        ports.told.failed(one.project, error);
        throw error;
      }
    };
    return reconcileProject({ ...ports, orders, part: (act) => part(() => told(act)) }, one);
  });
};

/** The project before the first that there was no time for; undefined when that is the first of all. */
const lastInTime = (stretch: readonly ProjectTargets[], late: readonly number[]): number | undefined => {
  const first = late.findIndex((count) => count > 0);
  return (first === -1 ? stretch : stretch.slice(0, first)).at(-1)?.project;
};

/** All the way round, or as far as the time goes; answers how many targets were left. */
const goRound = async (ports: StretchPorts & Pick<ReconcilePorts, 'cursor'>, all: ProjectTargets[], parts: Parts) => {
  let left = sizeOf(all);
  for (const stretch of stretches(inTurn(all, await ports.cursor.read()))) {
    if (ports.time.isOver()) break;
    const late = await reconcileStretch(ports, stretch, parts);
    const end = lastInTime(stretch, late);
    if (end !== undefined) await ports.cursor.write(end);
    left += late.reduce((sum, count) => sum + count, 0) - sizeOf(stretch);
  }
  return left;
};

/**
 * Makes good what lost hooks left undone: asks GitLab for the newest success that each target waits for and its registry for what
 * each tag names, and starts what the journal does not know, as the hook would have. Told again, or beside a hook, it deploys
 * nothing twice. Goes on in the next run where its time ended. What fails keeps nothing else from being done; then the first
 * failure is raised: GitLabUnavailable, or what the ports raise.
 */
export const reconcile =
  ({ registry, told, pause, remaining, ...ports }: ReconcilePorts) =>
  async ({ project }: ReconcileInput): Promise<Reconciled> => {
    const all = (await ports.targets.all()).filter((one) => project === undefined || one.project === project);
    const parts = inParts();
    let started = 0;
    const run = {
      ...ports,
      told,
      time: timeLeft({ remaining, pause }),
      digestOf: askedOnce(async (image: string) => {
        const colon = image.lastIndexOf(':');
        return registry.digestOf(image.slice(0, colon), image.slice(colon + 1));
      }),
      started: (target: string, execution: string) => {
        started += 1;
        told.started(target, execution);
      },
    };
    const behind = await goRound(run, all, parts);
    if (behind > 0) told.behind(behind);
    parts.raise();
    const unaskable = all.flatMap(({ targets }) => targets).filter(({ on }) => cannotBeAsked(on)).length;
    return { targets: sizeOf(all), unaskable, behind, started };
  };
