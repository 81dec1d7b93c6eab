import { createHash } from 'node:crypto';

/** What GitLab finished, reduced to what identifies it. `finishedAt`: ISO 8601 UTC, whole seconds. */
export type HookCause =
  | { kind: 'pipeline'; project: number; pipeline: number; finishedAt: string }
  | { kind: 'job'; project: number; pipeline: number; job: number; finishedAt: string };

/** A person of ops: deploy what this pipeline built, whatever the order says. `at`: ISO 8601 UTC, whole seconds. */
export interface OperatorCause {
  kind: 'operator';
  project: number;
  pipeline: number;
  by: string;
  at: string;
}

/** What asked for a deployment. */
export type Cause = HookCause | OperatorCause;

/**
 * A cause's place in its target's order: compared element by element, bigger is newer. Pipelines are
 * (pipeline id, finished), jobs (pipeline id, job id, finished): a pipeline succeeds again, with a newer
 * finish, whenever a manual job is played, and a retried job has a new id. An operator's cause has none of its own.
 */
export type OrderKey = readonly number[];

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

export const orderKey = (cause: HookCause): OrderKey =>
  cause.kind === 'pipeline'
    ? [cause.pipeline, seconds(cause.finishedAt)]
    : [cause.pipeline, cause.job, seconds(cause.finishedAt)];

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export const compareKeys = (a: OrderKey, b: OrderKey): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const wholeSecondsUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const shownName = /^[\w .@+-]{1,100}$/;

/** What is wrong with an operator's cause, which people write by hand: the field and why, or undefined. */
export const operatorProblem = ({ project, pipeline, by, at }: OperatorCause): string | undefined => {
  if (!Number.isSafeInteger(project)) return 'cause.project: must be the numeric id of the project';
  if (!Number.isSafeInteger(pipeline)) return 'cause.pipeline: must be the numeric id of a pipeline';
  if (typeof by !== 'string' || !shownName.test(by)) return 'cause.by: must be a name of 1 to 100 characters';
  if (typeof at !== 'string' || !wholeSecondsUtc.test(at) || Number.isNaN(Date.parse(at)))
    return 'cause.at: must be a time like 2026-01-31T12:00:00Z';
  return undefined;
};

export const maxAttempts = 5;

/**
 * The name of the execution that deploys this cause on this target: the same cause always has the same name, so
 * Step Functions itself refuses a second start. `attempt` (1 to 5) counts starts after ends that wrote nothing.
 * At most 80 of [0-9A-Za-z-_], with room left for the suffix of a recovery.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const executionName = (target: { project: number; name: string }, cause: HookCause, attempt: number): string => {
  const id = cause.kind === 'pipeline' ? cause.pipeline : cause.job;
  const identity = [target.project, target.name, cause.kind, cause.project, id, cause.finishedAt].join('\n');
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  return `${target.name.slice(0, 40)}-${hash}-${attempt}`;
};

/** So many recoveries of one deployment are tried; the names of all of them fit into Step Functions' 80 characters. */
export const maxRecoveries = 9;

/** The one execution that may clean up after a dead one; `attempt` (1 to 9) counts recoveries that died themselves. */
export const recoveryName = (deployment: string, attempt: number): string =>
  attempt === 1 ? `${deployment}-recover` : `${deployment}-recover-${attempt}`;

/** The deployment that an execution of this name recovers, or undefined when the name is no recovery's. */
export const recoveredBy = (execution: string): string | undefined => /^(.+)-recover(?:-\d)?$/.exec(execution)?.[1];
