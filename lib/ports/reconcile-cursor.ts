/**
 * How far the reconciler came: the next run begins with the project after this one and goes all the way round. Who writes last
 * counts, for it only says where to begin. Raises AwsUnavailable, AwsRefused.
 */
export interface ReconcileCursor {
  /** undefined: nowhere yet */
  read: () => Promise<number | undefined>;
  write: (project: number) => Promise<void>;
}
