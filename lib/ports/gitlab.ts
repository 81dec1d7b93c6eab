import type { JobFacts, PipelineFacts } from '../domain/plan-deployments.ts';

/** `missing` is GitLab's 404; `unavailable` everything that says nothing about the thing asked for. */
export type Answer<T> = { state: 'found'; value: T } | { state: 'missing' } | { state: 'unavailable'; because: string };

/** GitLab's API. It answers for the project that the target names, whatever a hook said. */
export interface Gitlab {
  pipeline: (project: number, id: number) => Promise<Answer<PipelineFacts & { sha: string }>>;
  job: (project: number, id: number) => Promise<Answer<JobFacts>>;
  /** Whether the branch, or the tag, is protected. */
  refProtected: (project: number, ref: { name: string; tag: boolean }) => Promise<Answer<boolean>>;
  /** The project's path with its namespace, as its URLs have it. */
  projectPath: (project: number) => Promise<Answer<string>>;
  /**
   * Whether a rule protects this tag of the project's images, or makes it immutable. `missing`: this GitLab has no such
   * rules, or does not show them to us. `path` as projectPath told it.
   */
  imageTagProtected: (project: { id: number; path: string }, tag: string) => Promise<Answer<boolean>>;
}
