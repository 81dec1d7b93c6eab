import type { Target, TargetId } from '../domain/target.ts';

/** A target whose document cannot be used. `problems` name fields, never values. */
export interface BrokenTarget {
  name: string;
  problems: readonly string[];
}

/** A project that has targets, or documents that were meant to be some. */
export interface ProjectTargets {
  project: number;
  targets: Target[];
  broken: BrokenTarget[];
}

/** Ops' rules. One broken target never stops the others. */
export interface Targets {
  ofProject: (project: number) => Promise<{ targets: Target[]; broken: BrokenTarget[] }>;
  /** All of the stage, by project; a project without targets is not among them. Costs one call for each ten targets. */
  all: () => Promise<ProjectTargets[]>;
  find: (id: TargetId) => Promise<Target | BrokenTarget | undefined>;
}
