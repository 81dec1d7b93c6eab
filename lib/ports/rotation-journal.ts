import type { OpenAttempt } from '../domain/self-rotation.ts';

/** Closed once the new token is kept, or it is known that none was made. */
export interface SelfAttempt extends OpenAttempt {
  /** the version whose gitlab_token was shown */
  base: string;
}

/** What is remembered of one secret between steps and rotations. Times are ISO 8601, our clock. */
export interface RotationRecord {
  /** grows with each write */
  revision: number;
  /** the version that is AWSCURRENT, and when that was first seen */
  current?: { version: string; since: string };
  /** when tend-credentials last had a rotation begin */
  startedAt?: string;
  attempt?: SelfAttempt;
  /** the last rotation was given up because GitLab keeps no signing token: the next one makes none */
  plainNext?: true;
}

/** One secret's. Raises AwsUnavailable, AwsRefused. Reads are consistent. */
export interface RotationJournal {
  read: () => Promise<RotationRecord>;
  /** Writes the whole record with the next revision if it still has the one that was read; false when somebody was faster. */
  write: (record: RotationRecord) => Promise<boolean>;
}
