import type { Platform } from '../lib/domain/image-manifest.ts';
import type { SeenGroup } from './doctor/ports.ts';

/** An ECR repository; `newest`: the tagged image that was pushed last, if it says what it runs on. */
export type SeenRepository =
  { there: false } | { there: true; newest?: { tag: string; platforms: readonly Platform[] } };

/** What there is in the account beside what the stage's functions ask. Each method may raise DeployFailure AwsUnavailable or AwsRefused. */
export interface Inventory {
  /** whether there is an ACTIVE cluster of this name */
  cluster: (name: string) => Promise<boolean>;
  /** those of these role ARNs that IAM does not know */
  missingRoles: (arns: readonly string[]) => Promise<string[]>;
  /** those of these target groups that exist */
  groups: (arns: readonly string[]) => Promise<SeenGroup[]>;
  repository: (name: string) => Promise<SeenRepository>;
  /** AWS's own time */
  time: () => Promise<Date>;
}
