import type { HookSecret } from '../domain/hook-secret.ts';

/** The hook secret's versions that count: AWSCURRENT, and AWSPENDING once it has a value. Raises Misconfigured. */
export interface HookSecrets {
  hookSecrets: () => Promise<HookSecret[]>;
}

/** How GitLab's API is reached. `url` has no trailing slash. */
export interface GitlabCredentials {
  url: string;
  token: string;
}
