import type { SentHook } from '../domain/sent-hook.ts';

/**
 * What GitLab has sent over a project's webhook in the last seven days, newest first, under a manager's token. Each method raises
 * OutOfReach, GitLabRefused, GitLabUnavailable as ProjectHooks does; a 429 is a GitLabUnavailable with the fact `status`.
 */
export interface HookLog {
  /** The newest 20. None when the hook is gone, or when this GitLab keeps no such log (before 17.3). */
  newest: (project: number, hook: number) => Promise<SentHook[]>;
  /** Of those that were answered 5xx, or not at all, the newest 60. */
  failed: (project: number, hook: number) => Promise<SentHook[]>;
  /**
   * Has GitLab send this once more, and waits for the receiver's answer: whether it was 2xx. False also when GitLab sent nothing,
   * because the hook is disabled, its URL has changed, or the event is gone. At most five a minute for a project and a user, all its
   * hooks together. https://docs.gitlab.com/administration/settings/rate-limit-on-webhook-operations/
   */
  resend: (project: number, hook: number, event: number) => Promise<boolean>;
}
