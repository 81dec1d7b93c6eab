import type { DeployedCommit, FeedbackState, ShownStatus } from '../domain/feedback.ts';
import { DeployFailure } from '../domain/failure.ts';
import { noteOn } from '../domain/failure-meaning.ts';
import type { Journal } from '../ports/journal.ts';
import { keep, showDeployment, type Shown, type ShowPorts, type Standing } from './show-deployment.ts';

export interface TellGitlabInput {
  deployment: string;
}

/** What became of it. `unknown commit`: the pushed image names none that GitLab knows, so there is nothing to show it by. */
export interface TellGitlabOutput {
  result: 'told' | 'nothing to tell' | 'unknown commit' | 'refused';
  /** what GitLab shows now */
  status?: ShownStatus;
  /** why GitLab will not have it */
  because?: string;
  /** of a note that was due */
  note?: 'sent' | 'lost';
}

export interface TellGitlabPorts extends ShowPorts {
  journal: Pick<Journal, 'read'>;
  /** where ops have the runbook; empty: nowhere that developers can read */
  runbookUrl: string;
}

/** False when GitLab would not have it, or did not answer: of what nothing depends on. */
const tried = async (ask: () => Promise<{ state: 'done' | 'refused' }>): Promise<boolean> => {
  try {
    return (await ask()).state === 'done';
  } catch (error) {
    if (error instanceof DeployFailure) return false;
    throw error;
  }
};

const showUrl = async ({ gitlab }: ShowPorts, { wish }: Shown, { environment }: FeedbackState): Promise<void> => {
  const { project, url } = wish;
  if (url !== undefined && environment !== undefined) await tried(() => gitlab.setUrl(project, environment, url));
};

const notedCommit = ({ record }: Shown, { commit }: FeedbackState): Pick<DeployedCommit, 'sha'> | undefined => {
  if (record.sha !== undefined) return { sha: record.sha };
  return typeof commit === 'object' ? commit : undefined;
};

/** At most once: that it is sent is written first, and nothing tells afterwards whether it was. */
const noteFailure = async (
  ports: TellGitlabPorts,
  shown: Shown,
  state: FeedbackState,
): Promise<Pick<TellGitlabOutput, 'note'>> => {
  const { record, wish } = shown;
  const commit = notedCommit(shown, state);
  const failure = record.end?.outcome === 'failed' ? record.end.failure : undefined;
  if (wish.noteOnFailure === undefined || failure === undefined || commit === undefined || state.noted) return {};
  await keep(ports, record, { ...state, noted: true });
  const text = noteOn({ failure, environment: wish.environment }, ports.runbookUrl);
  return { note: (await tried(() => ports.gitlab.comment(wish.project, commit.sha, text))) ? 'sent' : 'lost' };
};

const outputOf = (before: FeedbackState, { state, refused }: Standing): TellGitlabOutput => {
  const status = state.shown === undefined ? {} : { status: state.shown };
  if (refused !== undefined) return { result: 'refused', because: refused, ...status };
  if (state.revision === before.revision) return { result: 'nothing to tell', ...status };
  return state.commit === 'unknown' ? { result: 'unknown commit' } : { result: 'told', ...status };
};

/**
 * Tells GitLab of a deployment what the journal says of it now, so that neither the order of messages nor how often one comes
 * matters. What its target did not ask for is not told, nor what was never confirmed. Raises GitLabUnavailable,
 * RegistryUnavailable and AwsUnavailable when it is to be tried again later; AwsRefused.
 */
export const tellGitlab =
  (ports: TellGitlabPorts) =>
  async ({ deployment }: TellGitlabInput): Promise<TellGitlabOutput> => {
    const record = await ports.journal.read(deployment);
    if (record?.feedback === undefined) return { result: 'nothing to tell' };
    const shown = { record, wish: record.feedback };
    const before = await ports.feedback.read(deployment);
    const standing = await showDeployment(ports, shown, before);
    const output = outputOf(before, standing);
    if (output.result === 'told') await showUrl(ports, shown, standing.state);
    return { ...output, ...(await noteFailure(ports, shown, standing.state)) };
  };
