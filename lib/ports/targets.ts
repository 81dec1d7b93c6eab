import type { Target, TargetId } from '../domain/target.ts';

/** A target whose document cannot be used. `problems` name fields, never values. */
export interface BrokenTarget {
  name: string;
  problems: readonly string[];
}

/** Ops' rules. One broken target never stops the others. */
export interface Targets {
  ofProject: (project: number) => Promise<{ targets: Target[]; broken: BrokenTarget[] }>;
  find: (id: TargetId) => Promise<Target | BrokenTarget | undefined>;
}
