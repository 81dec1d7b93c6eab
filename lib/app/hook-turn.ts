import type { Target } from '../domain/target.ts';

/** What a run of tend-hooks has come to so far. */
export interface HookTally {
  /** projects whose targets wait for hooks, and that have none of ours */
  missing: number;
  /** hooks of ours over which GitLab sends nothing, also after a test */
  notExecutable: number;
  /** hooks that were disabled, and that a test has brought back */
  broughtBack: number;
  /** hooks that GitLab has sent once more, arrived or not */
  resent: number;
  /** projects about which GitLab did not want to be asked more now */
  throttled: number;
}

export const emptyTally = (): HookTally => ({ missing: 0, notExecutable: 0, broughtBack: 0, resent: 0, throttled: 0 });

/** One project's part of a run. */
export interface HookTurn {
  project: number;
  targets: readonly Target[];
  /** how many tests and resends may still be asked for in this turn */
  left: number;
  tally: HookTally;
}
