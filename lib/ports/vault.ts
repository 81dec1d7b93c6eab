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
