import { isThrottled, RotationFailure } from '../domain/failure.ts';
import { eventsNeeded, isDisabled, type ProjectHook } from '../domain/project-hook.ts';
import type { ProjectHooks } from '../ports/project-hooks.ts';
import type { HookJournal } from '../ports/hook-journal.ts';
import type { ProjectTargets, Targets } from '../ports/targets.ts';
import { emptyTally, type HookTally, type HookTurn } from './hook-turn.ts';
import { inParts } from './in-parts.ts';
import { resendLostHooks, type ResendPorts } from './resend-lost-hooks.ts';
import { sideBySide } from './side-by-side.ts';

export interface TendHooksPorts extends ResendPorts {
  hooks: Pick<ProjectHooks, 'list' | 'test'>;
  hookJournal: HookJournal;
  targets: Pick<Targets, 'all'>;
  /** where GitLab sends its hooks to: whose URL this is, that hook is ours */
  hookUrl: string;
  /** ms that this invocation has left */
  remaining: () => number;
  /** Told as soon as it is known: a failure that follows must not hide it. */
  show: { notExecutable: (hooks: number) => void; missing: (projects: number) => void };
}

/** `behind`: projects for which there was no time; the next run begins with them. */
export type HooksTended = HookTally & { behind: number };

const atOnce = 8;

/** GitLab allows five tests and five resends a minute, and rotation's tests are among them. */
const mostOperations = 2;

/** ms. A turn is not begun with less: for one hook it may ask nine things of GitLab, each 15 s at most. */
const longestTurn = 150_000;

/** Tests by a push, which starts nothing: a test of pipelines would look like a true one. Answers whether the hook can send now. */
const bringBack = async ({ hooks }: TendHooksPorts, turn: HookTurn, hook: ProjectHook): Promise<boolean> => {
  // Counted before it is tried, so that a failure leaves it counted.
  turn.tally.notExecutable += 1;
  if (turn.left === 0) return false;
  turn.left -= 1;
  try {
    await hooks.test(turn.project, hook.id);
  } catch (error) {
    if (error instanceof RotationFailure && error.name === 'NotProven') return false;
    throw error;
  }
  turn.tally.notExecutable -= 1;
  turn.tally.broughtBack += 1;
  return true;
};

const takeTurn = async (ports: TendHooksPorts, turn: HookTurn): Promise<void> => {
  const ours = (await ports.hooks.list(turn.project)).filter(({ url }) => url === ports.hookUrl);
  if (ours.length === 0) turn.tally.missing += 1;
  for (const hook of ours) {
    if (isDisabled(hook) && !(await bringBack(ports, turn, hook))) continue;
    await resendLostHooks(ports)(turn, hook.id);
  }
};

/** A project that GitLab does not want to be asked about more is left for the next run: answers whether its turn came to its end. */
const untilThrottled = async (tally: HookTally, act: () => Promise<void>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (!isThrottled(error)) throw error;
    tally.throttled += 1;
    return false;
  }
};

/** The projects whose targets wait for hooks; from the first one on that the run before has left. */
const projectsInOrder = async ({ targets, hookJournal }: TendHooksPorts): Promise<ProjectTargets[]> => {
  const all = await targets.all();
  const waiting = all.filter((one) => eventsNeeded(one.targets, one.broken.length > 0) !== undefined);
  const cursor = await hookJournal.cursor();
  const from = Math.max(
    0,
    waiting.findIndex(({ project }) => project === cursor),
  );
  return [...waiting.slice(from), ...waiting.slice(0, from)];
};

/** Nought ends the alarm, so it is only told when every hook was looked at. */
const show = ({ show: told }: TendHooksPorts, tally: HookTally, isComplete: boolean): void => {
  if (tally.notExecutable > 0 || isComplete) told.notExecutable(tally.notExecutable);
  if (tally.missing > 0) told.missing(tally.missing);
};

/**
 * Looks at our hooks of all projects that have targets: one that GitLab has disabled is tested, which brings it back when the door
 * answers; what a hook told in vain is sent again. A missing hook is counted only: rotation makes it. What fails in one project keeps
 * nothing from being done in another; then the first failure is raised: what the ports raise. Projects that were left, for
 * want of time or because GitLab did not want to be asked more, come first in the next run.
 */
export const tendHooks = (ports: TendHooksPorts) => async (): Promise<HooksTended> => {
  const projects = await projectsInOrder(ports);
  const tally = emptyTally();
  const parts = inParts();
  const left: number[] = [];
  let done = 0;
  await sideBySide(projects, atOnce, async ({ project, targets }) => {
    if (ports.remaining() < longestTurn) {
      left.push(project);
      return;
    }
    await parts.part(async () => {
      const turn = { project, targets, left: mostOperations, tally };
      if (await untilThrottled(tally, () => takeTurn(ports, turn))) done += 1;
      else left.push(project);
    });
  });
  show(ports, tally, done === projects.length);
  const [next] = left;
  if (next !== undefined) await parts.part(() => ports.hookJournal.handOn(next));
  parts.raise();
  return { ...tally, behind: left.length - tally.throttled };
};
