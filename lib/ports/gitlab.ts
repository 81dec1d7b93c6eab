import type { JobFacts, PipelineFacts } from '../domain/plan-deployments.ts';

/** `missing` is GitLab's 404; `unavailable` everything that says nothing about the thing asked for. */
export type Answer<T> = { state: 'found'; value: T } | { state: 'missing' } | { state: 'unavailable'; because: string };

/** GitLab's API. It answers for the project that the target names, whatever a hook said. */
export interface Gitlab {
  pipeline: (project: number, id: number) => Promise<Answer<PipelineFacts & { sha: string }>>;
  job: (project: number, id: number) => Promise<Answer<JobFacts>>;
  /** Whether the branch, or the tag, is protected. */
  refProtected: (project: number, ref: { name: string; tag: boolean }) => Promise<Answer<boolean>>;
}
