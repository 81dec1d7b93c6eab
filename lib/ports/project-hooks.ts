import type { HookEvents, HookValues, ProjectHook } from '../domain/project-hook.ts';

/**
 * Projects' webhooks in GitLab, under a manager's token. Each method raises OutOfReach (GitLab shows us no such project or hook, or
 * forbids it: 401, 403, 404), GitLabRefused (it does not take what is asked: any other 4xx), GitLabUnavailable (429, 5xx, no answer).
 */
export interface ProjectHooks {
  list: (project: number) => Promise<ProjectHook[]>;
  create: (project: number, values: HookValues, events: HookEvents) => Promise<void>;
  /** With `events` also what it tells of, and that certificates are verified; without, these stay as they are. */
  set: (project: number, hook: number, values: HookValues, events?: HookEvents) => Promise<void>;
  /**
   * Has GitLab send the project's newest push once more, which starts nothing; resolves when the receiver answered 2xx.
   * Raises NotProven when it did not, or when the project has no push to send.
   */
  test: (project: number, hook: number) => Promise<void>;
}
