import type { FeedbackState } from '../domain/feedback.ts';

/** How far feedback has come. Raises AwsUnavailable, AwsRefused. Reads are consistent. */
export interface FeedbackJournal {
  /** `freshState` for a deployment of which GitLab was told nothing yet. */
  read: (deployment: string) => Promise<FeedbackState>;
  /** Writes the whole state with the next revision if it still has the one that was read; false when somebody was faster. */
  write: (deployment: string, state: FeedbackState) => Promise<boolean>;
  /** This one of GitLab's deployments is shown for ours from now on; false when it is for another of ours. */
  claim: (deployment: string, shown: { project: number; id: number }) => Promise<boolean>;
}
