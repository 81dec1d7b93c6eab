import type { DeploymentRecord, End } from './deployment.ts';
import type { Target } from './target.ts';

/** What a target wants GitLab to be told. In the deployment's record since Confirm: a target may change or go meanwhile. */
export interface FeedbackWish {
  /** the target's project */
  project: number;
  /** the environment's name in GitLab */
  environment: string;
  /** where users find it; https */
  url?: string;
  noteOnFailure?: true;
  /** the pushed image that was asked for, in GitLab's registry: its label names the commit */
  image?: PushedImage;
}

export interface PushedImage {
  repository: string;
  /** sha256:<64 hex> */
  digest: string;
}

/** Statuses of a deployment that GitLab takes of us. https://docs.gitlab.com/api/deployments/ */
export type ShownStatus = 'running' | 'success' | 'failed' | 'canceled';

/** What was deployed, as GitLab knows it; `ref` is a branch or a tag. */
export interface DeployedCommit {
  sha: string;
  ref: string;
  tag: boolean;
}

/** We are about to have GitLab make a deployment. */
export interface CreationAttempt {
  /** our clock; ISO 8601 */
  startedAt: string;
  /** GitLab's clock before it, to the second; ISO 8601 */
  notBefore: string;
  /** GitLab's id of the user whose token was shown: a rotation may make a token of another user */
  user: number;
}

/** How far one deployment's feedback has come, outside of any invocation's memory. */
export interface FeedbackState {
  /** grows with each write */
  revision: number;
  /** the environment in which it is shown, chosen once */
  environment?: string;
  /** `unknown`: GitLab knows no commit that the image names */
  commit?: DeployedCommit | 'unknown';
  /** open until its outcome is known */
  attempt?: CreationAttempt;
  /** GitLab's id of the deployment that is shown for ours */
  id?: number;
  /** what GitLab is known to show */
  shown?: ShownStatus;
  /** a note on the failure is about to be sent, or was */
  noted?: true;
}

export const freshState: FeedbackState = { revision: 0 };

/** A deployment of an environment, as GitLab lists it. */
export interface ListedDeployment {
  id: number;
  sha: string;
  status: string;
  /** GitLab's clock; ISO 8601 */
  createdAt: string;
  /** absent when the user is gone */
  user?: number;
  /** a CI job made it: GitLab lets nobody change such a one by API */
  ofJob: boolean;
}

/** What Confirm writes into the record; nothing for a target that names no environment. */
export const wishOf = (
  { project, environment, environmentUrl, noteOnFailure }: Target,
  image?: PushedImage,
): Pick<DeploymentRecord, 'feedback'> => {
  if (environment === undefined) return {};
  const more = {
    ...(environmentUrl === undefined ? {} : { url: environmentUrl }),
    ...(noteOnFailure === undefined ? {} : { noteOnFailure }),
    ...(image === undefined ? {} : { image }),
  };
  return { feedback: { project, environment, ...more } };
};

const endings: Record<End['outcome'], { begun?: ShownStatus; otherwise?: ShownStatus }> = {
  deployed: { begun: 'success', otherwise: 'success' },
  failed: { begun: 'failed', otherwise: 'failed' },
  'already deployed': { begun: 'success' },
  superseded: { begun: 'canceled' },
  outdated: { begun: 'canceled' },
  held: { begun: 'canceled' },
};

/**
 * What GitLab should show; undefined: nothing. What changed nothing is shown only if it was shown as running before, for
 * that would stay so for ever.
 */
export const wishedStatus = (end: End | undefined, { attempt, id }: FeedbackState): ShownStatus | undefined => {
  if (end === undefined) return 'running';
  const { begun, otherwise } = endings[end.outcome];
  return attempt !== undefined || id !== undefined ? begun : otherwise;
};

export type FeedbackStep = 'nothing' | 'wait' | 'search' | 'create' | 'update';

/**
 * The next step towards what GitLab should show. An attempt whose outcome is not known may still be under way, here or at
 * GitLab: only after `settle` ms is it looked for, and only what is not found then is tried again.
 */
export const nextStep = (
  end: End | undefined,
  state: FeedbackState,
  { now, settle }: { now: Date; settle: number },
): FeedbackStep => {
  if (state.commit === 'unknown') return 'nothing';
  const wished = wishedStatus(end, state);
  if (wished === undefined || wished === state.shown) return 'nothing';
  if (state.id !== undefined) return 'update';
  if (state.attempt === undefined) return 'create';
  return now.getTime() - Date.parse(state.attempt.startedAt) < settle ? 'wait' : 'search';
};

/**
 * Where a deployment is shown. Beside those of CI jobs ours would look like theirs, be mixed up with them in GitLab's rollback, and
 * take their place as the environment's latest: they get an environment of their own below it.
 */
export const environmentFor = (wished: string, newest: readonly ListedDeployment[]): string =>
  newest.some(({ ofJob }) => ofJob) ? `${wished}/drawbridge` : wished;

/** Those that may be what an attempt made, oldest first. Times are held against GitLab's own clock, to the second. */
export const mayBeOf = (
  { notBefore, user }: CreationAttempt,
  sha: string,
  listed: readonly ListedDeployment[],
): ListedDeployment[] =>
  listed
    .filter((one) => !one.ofJob && one.sha === sha && one.user === user)
    .filter(({ createdAt }) => Date.parse(createdAt) >= Date.parse(notBefore))
    .toSorted((a, b) => a.id - b.id);

const shownStatuses: readonly string[] = ['running', 'success', 'failed', 'canceled'] satisfies ShownStatus[];

/** What a listed deployment shows, if it is one of ours. */
export const shownBy = ({ status }: ListedDeployment): ShownStatus | undefined =>
  shownStatuses.includes(status) ? (status as ShownStatus) : undefined;

/** The state after the attempt's outcome is known. */
export const withoutAttempt = (state: FeedbackState): FeedbackState => {
  const rest = { ...state };
  delete rest.attempt;
  return rest;
};
