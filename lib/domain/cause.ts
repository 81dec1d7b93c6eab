import { createHash } from 'node:crypto';
import { isTag } from './image-reference.ts';

/** What GitLab finished, reduced to what identifies it. `finishedAt`: ISO 8601 UTC, whole seconds. */
export type FinishedCause =
  | { kind: 'pipeline'; project: number; pipeline: number; finishedAt: string }
  | { kind: 'job'; project: number; pipeline: number; job: number; finishedAt: string };

/** An image that was pushed with a tag to GitLab's registry. */
export interface ImageCause {
  kind: 'image';
  /** the target's project */
  project: number;
  /** its path in the registry */
  repository: string;
  tag: string;
  /** sha256:<64 hex> */
  digest: string;
  /** the registry's id of its event: the same for every repetition */
  event: string;
  /** by the registry's clock; ISO 8601 UTC, milliseconds */
  pushedAt: string;
}

export type HookCause = FinishedCause | ImageCause;

/** `at`: ISO 8601 UTC, whole seconds. */
interface OperatorWord {
  kind: 'operator';
  project: number;
  by: string;
  at: string;
}

/** A person of ops: deploy what this pipeline built, whatever the order says. */
export type OperatorOfPipeline = OperatorWord & { pipeline: number };

/** The same for a target that waits for pushed images: deploy what this tag names now. */
export type OperatorOfTag = OperatorWord & { tag: string };

/** Back to the image of an earlier deployment of the same target, as the journal has it: GitLab is not asked. */
export type OperatorOfDeployment = OperatorWord & { deployment: string };

export type OperatorCause = OperatorOfPipeline | OperatorOfTag | OperatorOfDeployment;

/** What asked for a deployment. */
export type Cause = HookCause | OperatorCause;

/** Causes by what they name: a pipeline, or an image. */
export type PipelineCause = FinishedCause | OperatorOfPipeline;
export type TagCause = ImageCause | OperatorOfTag;

/**
 * A cause's place in its target's order: compared element by element, bigger is newer. Pipelines are
 * (pipeline id, finished), jobs (pipeline id, job id, finished): a pipeline succeeds again, with a newer
 * finish, whenever a manual job is played, and a retried job has a new id. Images are (ms when pushed). An operator's
 * cause has none of its own.
 */
export type OrderKey = readonly number[];

const seconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

export const orderKey = (cause: HookCause): OrderKey => {
  if (cause.kind === 'image') return [Date.parse(cause.pushedAt)];
  const { pipeline, finishedAt } = cause;
  return cause.kind === 'pipeline' ? [pipeline, seconds(finishedAt)] : [pipeline, cause.job, seconds(finishedAt)];
};

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
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const executionGrammar = /^[\w-]{1,80}$/;

type Named = Partial<Record<'pipeline' | 'tag' | 'deployment', unknown>>;

/** Exactly one thing must be named, in its own form. */
const namedProblem = ({ pipeline, tag, deployment }: Named): string | undefined => {
  if (pipeline !== undefined && tag !== undefined) return 'cause.tag: a pipeline is named already';
  if (deployment !== undefined) {
    if (pipeline !== undefined || tag !== undefined) return 'cause.deployment: a pipeline or a tag is named already';
    const isName = typeof deployment === 'string' && executionGrammar.test(deployment);
    return isName ? undefined : 'cause.deployment: must be the name of a deployment';
  }
  if (tag !== undefined)
    return typeof tag === 'string' && isTag(tag) ? undefined : 'cause.tag: must be a tag of the image';
  return Number.isSafeInteger(pipeline) ? undefined : 'cause.pipeline: must be the numeric id of a pipeline';
};

/** What is wrong with an operator's cause, which people write by hand: the field and why, or undefined. */
export const operatorProblem = (cause: OperatorCause): string | undefined => {
  const { project, by, at }: Partial<Record<keyof OperatorWord, unknown>> = cause;
  if (!Number.isSafeInteger(project)) return 'cause.project: must be the numeric id of the project';
  const problem = namedProblem(cause);
  if (problem !== undefined) return problem;
  if (typeof by !== 'string' || !shownName.test(by)) return 'cause.by: must be a name of 1 to 100 characters';
  if (typeof at !== 'string' || !wholeSecondsUtc.test(at) || Number.isNaN(Date.parse(at)))
    return 'cause.at: must be a time like 2026-01-31T12:00:00Z';
  return undefined;
};

export const maxAttempts = 5;

const identityOf = (cause: Cause): (string | number)[] => {
  if (cause.kind === 'image') return [cause.event];
  if (cause.kind === 'operator') {
    const named = 'pipeline' in cause ? cause.pipeline : 'tag' in cause ? cause.tag : cause.deployment;
    return [named, cause.by, cause.at];
  }
  return [cause.kind === 'pipeline' ? cause.pipeline : cause.job, cause.finishedAt];
};

/**
 * The name of the execution that deploys this cause on this target: the same cause always has the same name, so
 * Step Functions itself refuses a second start. `attempt` (1 to 5) counts starts after ends that wrote nothing.
 * At most 80 of [0-9A-Za-z-_], with room left for the suffix of a recovery.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const executionName = (target: { project: number; name: string }, cause: Cause, attempt: number): string => {
  const identity = [target.project, target.name, cause.kind, cause.project, ...identityOf(cause)].join('\n');
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
