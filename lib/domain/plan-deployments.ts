import type { FinishedCause, HookCause } from './cause.ts';
import { matchesPattern, type Target, type Trigger } from './target.ts';

/** What GitLab says of a pipeline: in a hook, and again in its API's answer. */
export interface PipelineFacts {
  project: number;
  pipeline: number;
  status: string;
  ref: string;
  tag: boolean;
  source: string;
  mergeRequest: boolean;
  /** ISO 8601 UTC to the second; absent while it runs */
  finishedAt?: string;
}

/** What GitLab says of a job; its pipeline's source is known to the API only. */
export interface JobFacts {
  project: number;
  pipeline: number;
  job: number;
  name: string;
  status: string;
  ref: string;
  tag: boolean;
  finishedAt?: string;
}

export type HookFacts = ({ kind: 'pipeline' } & PipelineFacts) | ({ kind: 'job' } & JobFacts);

export interface PlannedDeployment<Of extends HookCause = HookCause> {
  target: Target;
  cause: Of;
}

type PipelineTrigger = Exclude<Trigger, { kind: 'image' }>;

const refFits = (trigger: PipelineTrigger, { ref, tag }: { ref: string; tag: boolean }): boolean =>
  trigger.kind === 'tag' ? tag && matchesPattern(trigger.pattern, ref) : !tag && matchesPattern(trigger.ref, ref);

/**
 * Why these facts do not fit the target's trigger, or undefined when they do. A branch and a tag may share a name,
 * so the tag flag decides. A merge request's hook carries the *fork's* branch name as its ref, a child pipeline its
 * parent's: only an allowed source that is no merge request counts.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#pipeline-events
 */
export const pipelineMisfit = (trigger: Trigger, facts: PipelineFacts): string | undefined => {
  if (trigger.kind === 'job') return 'the target waits for a job';
  return originMisfit(trigger, facts);
};

/** The part that a pipeline answers for a job as well: where it came from and what it was run on. */
export const originMisfit = (trigger: Trigger, facts: PipelineFacts): string | undefined => {
  if (trigger.kind === 'image') return 'the target waits for an image';
  if (facts.mergeRequest) return 'it is a merge request pipeline';
  if (!trigger.sources.includes(facts.source)) return `its source is ${facts.source}`;
  if (!refFits(trigger, facts)) return 'its branch or tag is another';
  return undefined;
};

export const jobMisfit = (trigger: Trigger, facts: JobFacts): string | undefined => {
  if (trigger.kind !== 'job') return `the target waits for ${trigger.kind === 'image' ? 'an image' : 'a pipeline'}`;
  if (trigger.job !== facts.name) return 'the job is another';
  if (!refFits(trigger, facts)) return 'its branch or tag is another';
  return undefined;
};

const causeOf = (facts: HookFacts): FinishedCause | undefined => {
  if (facts.status !== 'success' || facts.finishedAt === undefined) return undefined;
  const { project, pipeline, finishedAt } = facts;
  return facts.kind === 'pipeline'
    ? { kind: 'pipeline', project, pipeline, finishedAt }
    : { kind: 'job', project, pipeline, job: facts.job, finishedAt };
};

/** The first sieve: which of the project's targets this hook asks to deploy. Confirm asks GitLab itself, by the same rules. */
export const planDeployments = (facts: HookFacts, targets: readonly Target[]): PlannedDeployment<FinishedCause>[] => {
  const cause = causeOf(facts);
  if (cause === undefined) return [];
  return targets
    .filter((target) => target.project === facts.project)
    .filter(({ on }) => (facts.kind === 'pipeline' ? pipelineMisfit(on, facts) : jobMisfit(on, facts)) === undefined)
    .map((target) => ({ target, cause }));
};
