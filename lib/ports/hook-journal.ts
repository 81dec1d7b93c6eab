/** What is remembered of hooks from one run of tend-hooks to the next. Raises AwsUnavailable, AwsRefused. Reads are consistent. */
export interface HookJournal {
  /**
   * Writes that the hook with this Idempotency-Key is sent once more, before it is. False: that was written before, and it must not be
   * sent again.
   */
  claim: (project: number, key: string) => Promise<boolean>;
  /** Takes the claim back, when it is known that nothing was sent. */
  release: (project: number, key: string) => Promise<void>;
  /** The project to begin with: the first that the run before has left. */
  cursor: () => Promise<number | undefined>;
  handOn: (project: number) => Promise<void>;
}
