import { createHash } from 'node:crypto';

/** What asked for a deployment, reduced to what identifies it. `finishedAt`: ISO 8601 UTC, whole seconds. */
export type Cause =
  | { kind: 'pipeline'; project: number; pipeline: number; finishedAt: string }
  | { kind: 'job'; project: number; pipeline: number; job: number; finishedAt: string };

/**
 * A cause's place in its target's order: compared element by element, bigger is newer. Pipelines are
 * (pipeline id, finished), jobs (pipeline id, job id, finished): a pipeline succeeds again, with a newer
 * finish, whenever a manual job is played, and a retried job has a new id.
 */
export type OrderKey = readonly number[];

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

export const orderKey = (cause: Cause): OrderKey =>
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

export const maxAttempts = 5;

/**
 * The name of the execution that deploys this cause on this target: the same cause always has the same name, so
 * Step Functions itself refuses a second start. `attempt` (1 to 5) counts starts after ends that wrote nothing.
 * At most 80 of [0-9A-Za-z-_], with room left for the suffix of a recovery.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const executionName = (target: { project: number; name: string }, cause: Cause, attempt: number): string => {
  const id = cause.kind === 'pipeline' ? cause.pipeline : cause.job;
  const identity = [target.project, target.name, cause.kind, cause.project, id, cause.finishedAt].join('\n');
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  return `${target.name.slice(0, 40)}-${hash}-${attempt}`;
};

/** The one execution that may clean up after a dead one. */
export const recoveryName = (execution: string): string => `${execution}-recover`;
