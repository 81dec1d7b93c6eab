import { createHash } from 'node:crypto';
import { compareKeys, orderKey, type FinishedCause } from './cause.ts';
import type { TargetOrder } from './order.ts';
import { jobMisfit, originMisfit, pipelineMisfit, type JobFacts, type PipelineFacts } from './plan-deployments.ts';
import type { ImagePush } from './plan-images.ts';
import { targetLabel, type Target, type TargetId, type Trigger } from './target.ts';

/**
 * Which successes a target has missed, because their hooks were lost: GitLab's and its registry's lists held against what the
 * journal has of the target. Whether a hook's deployment may go on is Admit's to say, here as ever.
 */

/** A pipeline as GitLab lists it: whether it is a tag's, and when it finished, it says only when asked for that pipeline. */
export interface ListedPipeline extends Omit<PipelineFacts, 'tag' | 'finishedAt'> {
  /** ISO 8601 UTC to the second: no earlier than its finish */
  updatedAt: string;
}

/** A job as GitLab lists it, and what that says of its pipeline. */
export interface ListedJob {
  job: JobFacts;
  pipeline: PipelineFacts;
}

/** Whether the listed pipeline fits the trigger as far as the list tells: a tag and a branch may share a name. */
export const mayFit = (trigger: Trigger, listed: ListedPipeline): boolean =>
  pipelineMisfit(trigger, { ...listed, tag: trigger.kind === 'tag' }) === undefined;

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1_000);

// A pipeline is last written when it finishes: what was written later may have succeeded once more.
const sameWrite = 5; // seconds

/** An operator's word outweighs what was finished before it, told or not. */
const isOverruled = ({ last }: TargetOrder, finishedAt: string): boolean =>
  last?.kind === 'operator' && Date.parse(finishedAt) <= Date.parse(last.askedAt);

/**
 * What the journal says of a listed pipeline: `known`, there is nothing to make good; `ask`, GitLab must say when it
 * finished; or when it did, as the journal has it, for one that was seen and is not deployed.
 */
export const recall = (order: TargetOrder, listed: ListedPipeline): 'known' | 'ask' | { finishedAt: string } => {
  const { newestDeployed: deployed, newestSeen: seen } = order;
  const wasDeployed = deployed?.[0] ?? -1;
  if (listed.pipeline < wasDeployed || isOverruled(order, listed.updatedAt)) return 'known';
  const isAsBefore = (key: readonly number[] | undefined): boolean =>
    key?.[0] === listed.pipeline && seconds(listed.updatedAt) <= (key.at(-1) ?? 0) + sameWrite;
  if (isAsBefore(deployed)) return 'known';
  if (!isAsBefore(seen)) return 'ask';
  return { finishedAt: new Date((seen?.at(-1) ?? 0) * 1_000).toISOString().replace('.000Z', 'Z') };
};

/** Whether a success of a pipeline or job is newer than what is deployed. */
export const isNews = (order: TargetOrder, cause: FinishedCause): boolean => {
  if (isOverruled(order, cause.finishedAt)) return false;
  return order.newestDeployed === undefined || compareKeys(orderKey(cause), order.newestDeployed) > 0;
};

/**
 * Whether a job that is older than what is deployed may be a rollback by GitLab's button that was lost. Only what was
 * finished after the last deployment was asked for: a rollback of before was outweighed by that.
 */
export const maybeRollback = ({ last }: TargetOrder, { finishedAt }: FinishedCause): boolean =>
  last !== undefined && Date.parse(finishedAt) > Date.parse(last.askedAt);

const succeeded = ({ job: { status, finishedAt } }: ListedJob): boolean =>
  status === 'success' && finishedAt !== undefined;

const causeOf = ({ job: { project, pipeline, job, finishedAt = '' } }: ListedJob): FinishedCause & { kind: 'job' } => ({
  kind: 'job',
  project,
  pipeline,
  job,
  finishedAt,
});

const newestBy = (jobs: readonly ListedJob[], compare: (a: ListedJob, b: ListedJob) => number): ListedJob[] =>
  jobs.toSorted(compare).slice(-1);

/**
 * The jobs that the target waits for and that may have been missed, in the order in which they finished: the newest by its place in
 * the target's order, and the one that finished last. They differ when an old pipeline's job was played late, or was
 * retried to go back.
 */
export const newestJobs = (trigger: Trigger, listed: readonly ListedJob[]): ListedJob[] => {
  const fits = listed.filter(
    (one) =>
      succeeded(one) && jobMisfit(trigger, one.job) === undefined && originMisfit(trigger, one.pipeline) === undefined,
  );
  const byPlace = newestBy(fits, (a, b) => compareKeys(orderKey(causeOf(a)), orderKey(causeOf(b))));
  const finish = (one: ListedJob): number => seconds(causeOf(one).finishedAt);
  const byFinish = newestBy(fits, (a, b) => finish(a) - finish(b));
  return [...new Set([...byPlace, ...byFinish])].toSorted((a, b) => finish(a) - finish(b));
};

/** The job's cause; of a job that newestJobs answered. */
export const jobCause = causeOf;

/** Patterns cannot be asked for: a registry tells what a tag names, and of no list of tags which is the newest. */
export const isPattern = (pattern: string): boolean => pattern.includes('*');

/**
 * The push that a target has missed: its tag names `digest`, and that is not what was last deployed. Undefined when it is; and
 * after a rollback, for a registry does not say since when its tag names that: it may be what was taken back. The registry's event is not known, so that its place is taken by what stays the same until something is deployed: found again, it
 * is the same cause. `seenAt`: ISO 8601 UTC, milliseconds.
 */
export const missedPush = (
  target: TargetId & { on: Extract<Target['on'], { kind: 'image' }> },
  order: TargetOrder,
  { digest, seenAt }: { digest: string; seenAt: string },
): ImagePush | undefined => {
  if (order.last?.digest === digest || order.hold?.kind === 'rollback') return undefined;
  const { repository, tag } = target.on;
  const identity = [targetLabel(target), digest, (order.newestDeployed ?? []).join('/')].join('\n');
  const event = `reconcile-${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`;
  return { repository, tag, digest, event, pushedAt: seenAt };
};
