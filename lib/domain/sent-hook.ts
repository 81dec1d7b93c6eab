/** One sending of a hook, as GitLab's log has it. */
export interface SentHook {
  /** the log's own number for it */
  event: number;
  /** Idempotency-Key: the same when it is sent again. Undefined: GitLab gave it none (before 17.4) */
  key: string | undefined;
  /** answered 2xx or 3xx; anything else, and no answer, counts as a failure of the hook */
  arrived: boolean;
  /** what it said, but for e-mail addresses */
  body: unknown;
}

/** GitLab disables a hook after four failures in a row: whose newest two have failed gets no further risk from us. */
const failuresTooMany = 2;

/** Whether the hook fails now, by its newest sendings, newest first. */
export const isFailing = (newest: readonly SentHook[]): boolean => {
  const last = newest.slice(0, failuresTooMany);
  return last.length === failuresTooMany && last.every(({ arrived }) => !arrived);
};
