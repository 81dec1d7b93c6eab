import type { Announcement } from '../domain/announcement.ts';
import type { DeployFailure } from '../domain/failure.ts';

/** How a deployment is made known to whoever listens. */
export interface Announcements {
  /** Raises AwsRefused and AwsUnavailable. After a lost answer the same may be told again. */
  tell: (announcement: Announcement) => Promise<void>;
  /** That one was not taken, for this reason, and will not be tried again. */
  lost: (announcement: Announcement, failure: DeployFailure) => void;
}
