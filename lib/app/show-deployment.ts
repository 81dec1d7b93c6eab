import { DeployFailure } from '../domain/failure.ts';
import {
  environmentFor,
  mayBeOf,
  nextStep,
  shownBy,
  wishedStatus,
  withoutAttempt,
  type CreationAttempt,
  type DeployedCommit,
  type FeedbackState,
  type FeedbackWish,
  type ShownStatus,
} from '../domain/feedback.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Clock } from '../ports/clock.ts';
import type { FeedbackJournal } from '../ports/feedback-journal.ts';
import type { GitlabDeployments, Told } from '../ports/gitlab-deployments.ts';
import type { Registry } from '../ports/registry.ts';
import { commitOfImage } from './commit-of-image.ts';

export interface ShowPorts {
  feedback: FeedbackJournal;
  gitlab: GitlabDeployments;
  registry: Pick<Registry, 'manifest' | 'blob'>;
  clock: Clock;
  /** ms after which an attempt whose outcome is not known is over, here and at GitLab */
  settle: number;
}

/** A deployment that GitLab is to be told of. */
export interface Shown {
  record: DeploymentRecord;
  wish: FeedbackWish;
}

/** Where it stands; `refused`: GitLab will not have it. */
export interface Standing {
  state: FeedbackState;
  refused?: string;
}

/** Raises AwsUnavailable when another invocation was faster: SQS brings the message again. */
export const keep = async (
  { feedback }: Pick<ShowPorts, 'feedback'>,
  { deployment }: DeploymentRecord,
  state: FeedbackState,
): Promise<FeedbackState> => {
  if (await feedback.write(deployment, state)) return { ...state, revision: state.revision + 1 };
  throw new DeployFailure('AwsUnavailable', 'another invocation tells GitLab of this deployment');
};

const stillUnderWay = () =>
  new DeployFailure(
    'GitLabUnavailable',
    'what became of the attempt to have GitLab make a deployment is not known yet',
  );

/** Of a pipeline or job the record says it; of a pushed image its label, if GitLab knows that commit. */
const commitOf = async (ports: ShowPorts, { record, wish }: Shown): Promise<DeployedCommit | undefined> => {
  const { sha, ref, tag = false } = record;
  if (sha !== undefined && ref !== undefined) return { sha, ref, tag };
  const named = wish.image === undefined ? undefined : await commitOfImage(ports.registry, wish.image);
  return named === undefined ? undefined : ports.gitlab.commit(wish.project, named);
};

interface Intent {
  environment: string;
  commit: DeployedCommit;
  attempt: CreationAttempt;
}

/** What is about to be made, and as whom; nothing is written yet. */
const intend = async (
  { gitlab, clock }: ShowPorts,
  { wish }: Shown,
  { state, commit }: { state: FeedbackState; commit: DeployedCommit },
): Promise<Told<Intent>> => {
  const user = await gitlab.user();
  if (user.state === 'refused') return user;
  const listed = await gitlab.list(wish.project, wish.environment);
  if (listed.state === 'refused') return listed;
  const { at: notBefore, deployments } = listed.value;
  const environment = state.environment ?? environmentFor(wish.environment, deployments);
  const attempt = { startedAt: clock().toISOString(), notBefore, user: user.value };
  return { state: 'done', value: { environment, commit, attempt } };
};

/** The attempt stays open when its answer is lost, or when what it made was taken for another deployment's of ours. */
const make = async (
  ports: ShowPorts,
  { record, wish }: Shown,
  { state, environment, commit }: Intent & { state: FeedbackState },
): Promise<Standing> => {
  const made = await ports.gitlab.create(wish.project, environment, commit);
  if (made.state === 'refused')
    return { state: await keep(ports, record, withoutAttempt(state)), refused: made.because };
  const { value: id } = made;
  if (!(await ports.feedback.claim(record.deployment, { project: wish.project, id }))) throw stillUnderWay();
  return { state: await keep(ports, record, { ...withoutAttempt(state), id, shown: 'running' }) };
};

const create = async (ports: ShowPorts, shown: Shown, state: FeedbackState): Promise<Standing> => {
  const known = typeof state.commit === 'object' ? state.commit : undefined;
  const commit = known ?? (await commitOf(ports, shown));
  if (commit === undefined) return { state: await keep(ports, shown.record, { ...state, commit: 'unknown' }) };
  const intent = await intend(ports, shown, { state, commit });
  if (intent.state === 'refused') return { state, refused: intent.because };
  const kept = await keep(ports, shown.record, { ...state, ...intent.value });
  return make(ports, shown, { ...intent.value, state: kept });
};

/** Takes over what an attempt made, if it made anything; else the attempt is given up. */
const search = async (ports: ShowPorts, { record, wish }: Shown, state: FeedbackState): Promise<Standing> => {
  const { attempt, environment, commit } = state;
  if (attempt === undefined || environment === undefined || typeof commit !== 'object') return { state };
  const listed = await ports.gitlab.list(wish.project, environment, attempt.notBefore);
  if (listed.state === 'refused') return { state, refused: listed.because };
  for (const one of mayBeOf(attempt, commit.sha, listed.value.deployments)) {
    if (!(await ports.feedback.claim(record.deployment, { project: wish.project, id: one.id }))) continue;
    const shown = shownBy(one);
    const found = { ...withoutAttempt(state), id: one.id, ...(shown === undefined ? {} : { shown }) };
    return { state: await keep(ports, record, found) };
  }
  return { state: await keep(ports, record, withoutAttempt(state)) };
};

const update = async (ports: ShowPorts, { record, wish }: Shown, state: FeedbackState): Promise<Standing> => {
  const status: ShownStatus | undefined = wishedStatus(record.end, state);
  if (state.id === undefined || status === undefined) return { state };
  const told = await ports.gitlab.setStatus(wish.project, state.id, status);
  if (told.state === 'refused') return { state, refused: told.because };
  return { state: await keep(ports, record, { ...state, shown: status }) };
};

const steps = { create, search, update };

/**
 * Brings what GitLab shows of a deployment to what the journal says of it, step by step, from wherever an invocation before may
 * have died. Raises GitLabUnavailable, RegistryUnavailable and AwsUnavailable when it is to be tried again later.
 */
export const showDeployment = async (ports: ShowPorts, shown: Shown, from: FeedbackState): Promise<Standing> => {
  const step = nextStep(shown.record.end, from, { now: ports.clock(), settle: ports.settle });
  if (step === 'nothing') return { state: from };
  if (step === 'wait') throw stillUnderWay();
  const standing = await steps[step](ports, shown, from);
  return standing.refused === undefined ? showDeployment(ports, shown, standing.state) : standing;
};
