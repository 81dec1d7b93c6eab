import { operatorProblem, type Cause, type PipelineCause } from '../domain/cause.ts';
import { judgeAnswer, type CauseAnswer, type Confirmation, type Verdict } from '../domain/confirmation.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { imageFor, type TaggedImage } from '../domain/image-reference.ts';
import { minutes } from '../domain/pacing.ts';
import { outsideBounds, type StackBounds } from '../domain/stack-bounds.ts';
import { targetLabel, type Target, type TargetId } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer, Gitlab } from '../ports/gitlab.ts';
import type { Journal } from '../ports/journal.ts';
import type { Targets } from '../ports/targets.ts';

/** Seconds waited, apart: for GitLab to know a final status, and for GitLab to answer at all. */
export interface ConfirmWait {
  unsettled: number;
  unreachable: number;
  seconds: number;
}

export interface ConfirmInput {
  execution: string;
  target: TargetId;
  cause: Cause;
  wait: ConfirmWait;
}

/** What the later tasks need to know of the deployment. */
export interface Confirmed {
  image: TaggedImage;
}

export type ConfirmOutput = { done: false; wait: ConfirmWait; because: string } | ({ done: true } & Confirmed);

const unsettledLimit = minutes(2);
const unreachableLimit = minutes(30);

type Asked = Verdict | { state: 'unavailable'; because: string };
const missing = (what: string): Asked => ({ state: 'unsettled', because: `GitLab knows no such ${what}` });

const unanswered = (answer: Exclude<Answer<unknown>, { state: 'found' }>, what: string): Asked =>
  answer.state === 'missing' ? missing(what) : answer;

const askAboutCause = async (gitlab: Gitlab, target: Target, cause: PipelineCause): Promise<Asked> => {
  const job = cause.kind === 'job' ? await gitlab.job(target.project, cause.job) : undefined;
  if (job !== undefined && job.state !== 'found') return unanswered(job, 'job');
  const pipeline = await gitlab.pipeline(target.project, cause.pipeline);
  if (pipeline.state !== 'found') return unanswered(pipeline, 'pipeline');
  const answer: CauseAnswer = { pipeline: pipeline.value, ...(job === undefined ? {} : { job: job.value }) };
  return judgeAnswer(target, cause, answer);
};

/** Only refs that GitLab protects deploy, unless the target says otherwise: others may be pushed by anyone. */
const askAboutRef = async (gitlab: Gitlab, target: Target, confirmation: Confirmation): Promise<Asked> => {
  if (target.unprotectedRefs) return { state: 'confirmed', confirmation };
  const kind = confirmation.tag ? 'tag' : 'branch';
  const answer = await gitlab.refProtected(target.project, { name: confirmation.ref, tag: confirmation.tag });
  if (answer.state === 'missing') return { state: 'contradicted', because: `the ${kind} is gone` };
  if (answer.state === 'unavailable') return answer;
  return answer.value
    ? { state: 'confirmed', confirmation }
    : { state: 'contradicted', because: `the ${kind} is not protected` };
};

const ask = async (gitlab: Gitlab, target: Target, cause: Cause): Promise<Asked> => {
  if ('tag' in cause) return { state: 'contradicted', because: 'the target waits for no image' };
  const asked = await askAboutCause(gitlab, target, cause);
  return asked.state === 'confirmed' ? askAboutRef(gitlab, target, asked.confirmation) : asked;
};

const findTarget = async (targets: Targets, id: TargetId): Promise<Target> => {
  const target = await targets.find(id);
  if (target === undefined)
    throw new DeployFailure('TargetMissing', 'the target is gone', { facts: { target: targetLabel(id) } });
  if ('problems' in target) {
    throw new DeployFailure('TargetMissing', 'the target cannot be used', { facts: { reasons: target.problems } });
  }
  return target;
};

const describe = (
  { execution, cause }: ConfirmInput,
  target: Target,
  { sha, ref, key, askedAt }: Confirmation,
): Omit<DeploymentRecord, 'image' | 'openedAt'> => ({
  deployment: execution,
  target: targetLabel(target),
  service: { cluster: target.cluster, service: target.service },
  containers: target.containers,
  timeoutMinutes: target.strategy.timeoutMinutes,
  cause,
  askedAt,
  key,
  sha,
  ref,
});

const waitFor = ({ unsettled, unreachable }: ConfirmWait, asked: Asked & { because: string }): ConfirmWait => {
  if (asked.state === 'unsettled') {
    if (unsettled >= unsettledLimit) throw new DeployFailure('NotConfirmed', asked.because);
    return { unsettled: unsettled + 15, unreachable, seconds: 15 };
  }
  if (unreachable >= unreachableLimit) throw new DeployFailure('GitLabUnavailable', asked.because);
  const seconds = unreachable < minutes(5) ? 15 : 60;
  return { unsettled, unreachable: unreachable + seconds, seconds };
};

export interface ConfirmPorts {
  targets: Targets;
  gitlab: Gitlab;
  journal: Journal;
  bounds: StackBounds;
  clock: Clock;
}

/**
 * Asks GitLab itself, once, whether what the hook said is so; nothing unconfirmed touches lock, queue or journal.
 * Once confirmed, the deployment's record is opened. Raises NotConfirmed on any contradiction or after two minutes
 * without a final status, GitLabUnavailable after thirty without an answer, TargetMissing, OutsideStack,
 * ImageNameInvalid.
 */
export const confirm =
  ({ targets, gitlab, journal, bounds, clock }: ConfirmPorts) =>
  async (input: ConfirmInput): Promise<ConfirmOutput> => {
    const { cause, wait } = input;
    const problem = cause.kind === 'operator' ? operatorProblem(cause) : undefined;
    if (problem !== undefined) throw new DeployFailure('NotConfirmed', problem);
    const target = await findTarget(targets, input.target);
    const asked = await ask(gitlab, target, cause);
    if (asked.state === 'contradicted') throw new DeployFailure('NotConfirmed', asked.because);
    if (asked.state !== 'confirmed') return { done: false, wait: waitFor(wait, asked), because: asked.because };
    const record = describe(input, target, asked.confirmation);
    const image = imageFor(target.image ?? '', asked.confirmation);
    const outside = outsideBounds(bounds, { ...record.service, repository: image.repository });
    if (outside !== undefined) {
      throw new DeployFailure('OutsideStack', 'this stack may not touch it', { facts: { resource: outside } });
    }
    const name = `${image.host}/${image.repository}:${image.tag}`;
    await journal.open({ ...record, image: name, openedAt: clock().toISOString() });
    return { done: true, image };
  };
