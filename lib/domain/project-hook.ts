import type { Target } from './target.ts';

/** A project's webhook in GitLab. */
export interface ProjectHook extends HookEvents {
  id: number;
  url: string;
  /** whether it has a signing token; undefined: this GitLab does not say, for it knows none (before 19.0) */
  signing: boolean | undefined;
  /** whether GitLab asks for a certificate that it trusts */
  sslVerification: boolean;
  /** whether GitLab sends over it: it rests after failures, for a while or for good; absent: GitLab does not say */
  alertStatus?: AlertStatus;
}

/** GitLab's own words. https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks */
export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

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

/**
 * What a project's targets must hear of; undefined: nothing, for images come with the registry's hooks. A document that cannot be
 * read (`broken`) counts as one that waits for pipelines, of which tags tell as well.
 */
export const eventsNeeded = (targets: readonly Target[], broken: boolean): HookEvents | undefined => {
  const kinds = new Set(targets.map(({ on }) => on.kind));
  const pipeline = broken || kinds.has('pipeline') || kinds.has('tag');
  const job = kinds.has('job');
  return pipeline || job ? { pipeline, job } : undefined;
};
