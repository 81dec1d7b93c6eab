import type { Target } from './target.ts';

/**
 * Whether GitLab sends over a hook. From the fourth failure in a row it rests for a while, and after forty for good; then what it would
 * have told is dropped. A test that succeeds ends both. https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks
 */
export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

/** A project's webhook in GitLab, and what it tells of. */
export interface ProjectHook extends HookEvents {
  id: number;
  url: string;
  /** whether it has a signing token; undefined: this GitLab does not say, for it knows none (before 19.0) */
  signing: boolean | undefined;
  /** undefined: this GitLab does not say */
  alertStatus: AlertStatus | undefined;
  /** until when it rests, as GitLab writes it */
  disabledUntil: string | undefined;
  /** whether GitLab looks at the receiver's certificate */
  sslVerification: boolean;
}

/** GitLab drops what happens, for the hook has failed too often. */
export const isDisabled = ({ alertStatus }: Pick<ProjectHook, 'alertStatus'>): boolean =>
  alertStatus !== undefined && alertStatus !== 'executable';

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
