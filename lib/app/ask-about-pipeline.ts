import type { PipelineCause } from '../domain/cause.ts';
import { judgeAnswer, type CauseAnswer, type Confirmation } from '../domain/confirmation.ts';
import type { Target } from '../domain/target.ts';
import type { Answer, Gitlab } from '../ports/gitlab.ts';
import { unanswered, type Asked } from './asked.ts';

const missing = (what: string): Asked<never> => ({ state: 'unsettled', because: `GitLab knows no such ${what}` });

const notFound = (answer: Exclude<Answer<unknown>, { state: 'found' }>, what: string): Asked<never> =>
  answer.state === 'missing' ? missing(what) : unanswered(answer);

const askAboutCause = async (gitlab: Gitlab, target: Target, cause: PipelineCause): Promise<Asked<Confirmation>> => {
  const job = cause.kind === 'job' ? await gitlab.job(target.project, cause.job) : undefined;
  if (job !== undefined && job.state !== 'found') return notFound(job, 'job');
  const pipeline = await gitlab.pipeline(target.project, cause.pipeline);
  if (pipeline.state !== 'found') return notFound(pipeline, 'pipeline');
  const answer: CauseAnswer = { pipeline: pipeline.value, ...(job === undefined ? {} : { job: job.value }) };
  return judgeAnswer(target, cause, answer);
};

/** Only refs that GitLab protects deploy, unless the target says otherwise: others may be pushed by anyone. */
const askAboutRef = async (
  gitlab: Gitlab,
  target: Target,
  confirmation: Confirmation,
): Promise<Asked<Confirmation>> => {
  if (target.unprotectedRefs) return { state: 'confirmed', confirmation };
  const kind = confirmation.tag ? 'tag' : 'branch';
  const answer = await gitlab.refProtected(target.project, { name: confirmation.ref, tag: confirmation.tag });
  if (answer.state === 'missing') return { state: 'contradicted', because: `the ${kind} is gone` };
  if (answer.state === 'unavailable') return unanswered(answer);
  return answer.value
    ? { state: 'confirmed', confirmation }
    : { state: 'contradicted', because: `the ${kind} is not protected` };
};

/** Asks GitLab about a pipeline or job, and about its branch or tag. */
export const askAboutPipeline = async (
  gitlab: Gitlab,
  target: Target,
  cause: PipelineCause,
): Promise<Asked<Confirmation>> => {
  const asked = await askAboutCause(gitlab, target, cause);
  return asked.state === 'confirmed' ? askAboutRef(gitlab, target, asked.confirmation) : asked;
};
