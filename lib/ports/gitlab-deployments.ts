import type { DeployedCommit, ListedDeployment, ShownStatus } from '../domain/feedback.ts';

/** GitLab's word. `refused`: it will not do it, however often it is asked; our own sentence. */
export type Told<T> = { state: 'done'; value: T } | { state: 'refused'; because: string };

/** The environment's newest deployments, newest first, and when GitLab answered, by its own clock; ISO 8601. */
export interface Listed {
  at: string;
  deployments: readonly ListedDeployment[];
}

/**
 * GitLab's API of deployments, and what goes with them. Every method raises GitLabUnavailable when a later try may help: not
 * reached, 401, 409, 429, 5xx, no answer, or none of GitLab's own. After that a write may have been done.
 */
export interface GitlabDeployments {
  /** The id of the user whose token is shown. */
  user: () => Promise<Told<number>>;
  /** A name of an environment that is not there has no deployments. `since`: all made from then on, by GitLab's clock, else some. */
  list: (project: number, environment: string, since?: string) => Promise<Told<Listed>>;
  /** Makes one that is `running`; answers its id. Asked twice it makes two. */
  create: (project: number, environment: string, commit: DeployedCommit) => Promise<Told<number>>;
  /** What is so already is done. */
  setStatus: (project: number, id: number, status: ShownStatus) => Promise<Told<undefined>>;
  /** Has the environment show this address, if it shows another. */
  setUrl: (project: number, environment: string, url: string) => Promise<Told<undefined>>;
  /** A commit of the project, on the branch or tag of its latest pipeline, else on the default branch; undefined: it has none such. */
  commit: (project: number, sha: string) => Promise<DeployedCommit | undefined>;
  /** A comment on the commit. Asked twice it makes two. */
  comment: (project: number, sha: string, text: string) => Promise<Told<undefined>>;
}
