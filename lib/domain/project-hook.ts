/** A project's webhook in GitLab. */
export interface ProjectHook {
  id: number;
  url: string;
  /** whether it has a signing token; undefined: this GitLab does not say, for it knows none (before 19.0) */
  signing: boolean | undefined;
}

/** What is set on a hook: always together, for GitLab forgets the tokens of a hook whose URL changes. */
export interface HookValues {
  url: string;
  token: string;
  /** left as it is when absent */
  signingToken?: string;
}

/** What a hook is to tell of. */
export interface HookEvents {
  pipeline: boolean;
  job: boolean;
}
