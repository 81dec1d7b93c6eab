import type { BrokenTarget } from './targets.ts';

/** Which projects have targets that wait for images of a repository: a registry's event names nothing else. */
export interface RepositoryIndex {
  /** Project ids; an entry that cannot be used is told of as a target's document would be. Raises AwsUnavailable, AwsRefused. */
  projectsOf: (repository: string) => Promise<{ projects: readonly number[]; broken: readonly BrokenTarget[] }>;
}
