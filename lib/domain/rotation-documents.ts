/**
 * The two secrets' values as the rotation writes them, under the secrets' own keys. Keys that are not named here are
 * copied from version to version, whatever they hold.
 */

/** What every version made by a rotation says of itself. */
interface Made {
  /** ISO 8601, our clock, just before the value was written */
  made_at?: string;
  /** the version that was AWSCURRENT when this one was made; absent when there was none */
  base_version?: string;
}

export interface HookDocument extends Made {
  webhook_token?: string;
  webhook_signing_token?: string;
  [other: string]: unknown;
}

export interface GitlabDocument extends Made {
  gitlab_url: string;
  gitlab_token: string;
  /** the seed's one project: where its tokens are made when there is no group */
  gitlab_project_id?: string;
  /** the group whose tokens see the projects of all targets */
  gitlab_group_id?: string;
  /** GitLab's id of gitlab_token, when Drawbridge made it */
  gitlab_token_id?: number;
  /** `self`: gitlab_token replaces itself, for want of a manager's token; the last resort */
  rotate_gitlab_token?: 'self';
  registry_username?: string;
  registry_password?: string;
  /** GitLab's id of the deploy token whose password registry_password is, when Drawbridge made it */
  registry_token_id?: number;
  [other: string]: unknown;
}
