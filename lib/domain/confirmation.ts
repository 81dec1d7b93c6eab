import { orderKey, type OrderKey, type PipelineCause } from './cause.ts';
import { jobMisfit, originMisfit, pipelineMisfit, type JobFacts, type PipelineFacts } from './plan-deployments.ts';
import type { Target } from './target.ts';

/** GitLab's own answer about the cause; what follows uses this and never the hook's payload. */
export interface CauseAnswer {
  pipeline: PipelineFacts & { sha: string };
  /** only for a job cause */
  job?: JobFacts;
}

/** A cause that GitLab itself vouches for. */
export interface Confirmation {
  sha: string;
  ref: string;
  tag: boolean;
  pipeline: number;
  /** when GitLab finished the cause, or the operator asked; ISO 8601 */
  askedAt: string;
  key: OrderKey;
}

export type Verdict =
  | { state: 'confirmed'; confirmation: Confirmation }
  | { state: 'unsettled'; because: string }
  | { state: 'contradicted'; because: string };

// GitLab's final statuses other than success
const finalFailures = new Set(['failed', 'canceled', 'skipped']);

const misfit = (target: Target, cause: PipelineCause, { pipeline, job }: CauseAnswer): string | undefined => {
  if (cause.kind === 'operator') return originMisfit(target.on, pipeline);
  if (cause.kind === 'pipeline') return pipelineMisfit(target.on, pipeline);
  if (job === undefined) return 'GitLab knows no such job';
  if (job.job !== cause.job || job.pipeline !== pipeline.pipeline) return 'the job belongs to another pipeline';
  return jobMisfit(target.on, job) ?? originMisfit(target.on, pipeline);
};

/**
 * Holds GitLab's answer against the target. Only the trigger's own status counts: a job target needs the job to be
 * a success, whatever its pipeline says meanwhile. A status that is not final yet is `unsettled` (hooks overtake the
 * API's replicas); a final one other than success, or any contradiction, is no case for asking again. An operator's
 * word stands for the trigger's status, and for nothing else: where the pipeline came from must fit as for any cause.
 */
export const judgeAnswer = (target: Target, cause: PipelineCause, answer: CauseAnswer): Verdict => {
  const because = misfit(target, cause, answer);
  if (because !== undefined) return { state: 'contradicted', because };
  const { sha, ref, tag, pipeline } = answer.pipeline;
  if (cause.kind === 'operator')
    return { state: 'confirmed', confirmation: { sha, ref, tag, pipeline, askedAt: cause.at, key: [] } };
  const trigger = answer.job ?? answer.pipeline;
  if (trigger.status !== 'success') {
    const said = `GitLab says the ${cause.kind} is ${trigger.status}`;
    return { state: finalFailures.has(trigger.status) ? 'contradicted' : 'unsettled', because: said };
  }
  if (trigger.finishedAt === undefined) return { state: 'unsettled', because: `the ${cause.kind} has no finish yet` };
  const { finishedAt } = trigger;
  const key = orderKey({ ...cause, finishedAt });
  return { state: 'confirmed', confirmation: { sha, ref, tag, pipeline, askedAt: finishedAt, key } };
};
