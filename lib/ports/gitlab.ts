import type { ListedJob, ListedPipeline } from '../domain/missed.ts';
import type { JobFacts, PipelineFacts } from '../domain/plan-deployments.ts';

/**
 * `missing` is GitLab's 404; `unavailable` everything that says nothing about the thing asked for. `retryAfter`: the
 * seconds that GitLab wants to be left alone for.
 */
export type Answer<T> =
  { state: 'found'; value: T } | { state: 'missing' } | { state: 'unavailable'; because: string; retryAfter?: number };

/** A part of a list. `next`: the number of the page that comes after it, if one does. */
export interface Page<T> {
  items: readonly T[];
  next?: number;
}

/** Which of a project's pipelines: those on this very ref, the newest of each of its tags, or all. */
export type PipelinesOf = { ref: string } | { scope: 'tags' } | Record<string, never>;

/** What GitLab lists of a project, newest first by id, a page at a time (from 1). */
export interface GitlabLists {
  /** Pipelines that are a success now; no child pipelines. */
  succeededPipelines: (project: number, of: PipelinesOf, page: number) => Promise<Answer<Page<ListedPipeline>>>;
  /** Jobs that are a success, retried ones too. */
  succeededJobs: (project: number, page: number) => Promise<Answer<Page<ListedJob>>>;
}

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
