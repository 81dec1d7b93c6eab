import type { HookSecret } from '../domain/hook-secret.ts';

/** The hook secret's versions that count: AWSCURRENT, and AWSPENDING once it has a value. Raises Misconfigured. */
export interface HookSecrets {
  hookSecrets: () => Promise<HookSecret[]>;
}

/** How GitLab's container registry is reached: with what its token login asks for. */
export interface RegistryCredentials {
  /** a host name, with a port if it is not the usual one: `registry.gitlab.com`, `gitlab.example.com:5050` */
  host: string;
  username: string;
  password: string;
}

/** How GitLab is reached: its API and its registry. `url` has no trailing slash. */
export interface GitlabCredentials {
  url: string;
  token: string;
  registry: RegistryCredentials;
}

/**
 * Where GitLab's credentials come from. After a 401 the refused ones are handed in: the answer is then what a rotation
 * has staged in AWSPENDING and not promoted yet, or the same once more when there is nothing else. Raises Misconfigured.
 */
export type CredentialSource = (refused?: GitlabCredentials) => Promise<GitlabCredentials>;

/** With what hooks are set and tokens made. `url` has no trailing slash. */
export interface ManagerCredentials {
  url: string;
  token: string;
  /** a manager's token; false: there is none, and gitlab_token stands in for setting hooks */
  manager: boolean;
  /** gitlab_project_id, the seed's one project, when it is given */
  project?: number;
}

/** Where a manager's credentials come from; after a 401 the refused ones are handed in, as to a CredentialSource. Raises Misconfigured. */
export type ManagerSource = (refused?: ManagerCredentials) => Promise<ManagerCredentials>;
