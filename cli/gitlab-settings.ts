/** A token as GitLab shows it to itself. */
export interface SeenToken {
  scopes: readonly string[];
  /** YYYY-MM-DD, the first day on which it is dead; absent: it never ends */
  expiresAt?: string;
  /** GitLab's own time of its answer */
  at: Date;
}

/**
 * What of GitLab's settings a deployment rests on. All but `token` under the manager's token. Each method raises OutOfReach,
 * GitLabRefused, GitLabUnavailable as ProjectHooks do.
 */
export interface GitlabSettings {
  /** undefined: it is dead (revoked, expired or never was) */
  token: (value: string) => Promise<SeenToken | undefined>;
  /** names of the project's CI variables */
  variables: (project: number) => Promise<string[]>;
  /** names of protected environments; none where GitLab knows no such */
  protectedEnvironments: (project: number) => Promise<string[]>;
  /** names or patterns */
  protectedBranches: (project: number) => Promise<string[]>;
  protectedTags: (project: number) => Promise<string[]>;
}
