import { executionName, maxAttempts, type Cause } from '../domain/cause.ts';
import { retryableNames } from '../domain/failure.ts';
import type { PlannedDeployment } from '../domain/plan-deployments.ts';
import { targetLabel, type TargetId } from '../domain/target.ts';
import type { BrokenTarget } from '../ports/targets.ts';
import type { Workflows } from '../ports/workflows.ts';

/** The input of the deploy workflow. Byte-stable for a cause: no time of arrival, no token, header or body. */
export interface DeployInput {
  target: TargetId;
  cause: Cause;
}

/** What a hook led to. `execution` is a name, not an ARN: GitLab shows our answers to all maintainers. */
export interface HookOutcome {
  started: { target: string; execution: string }[];
  ended: { target: string; as: string }[];
  /** named as the others are: project and name */
  broken: readonly BrokenTarget[];
  /** for each part of the hook that could not be read, why */
  unreadable?: readonly string[];
}

type Start = { begun: string } | { ended: string };

const startOne = async (workflows: Workflows, { target, cause }: PlannedDeployment): Promise<Start> => {
  const input: DeployInput = { target: { project: target.project, name: target.name }, cause };
  let ended = '';
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const name = executionName(target, cause, attempt);
    if ((await workflows.start(name, input)) === 'started') return { begun: name };
    const status = await workflows.status(name);
    if (status.state !== 'failed') return { begun: name };
    ended = status.error;
    if (!(retryableNames as readonly string[]).includes(ended)) return { ended };
  }
  return { ended };
};

/**
 * Starts one execution for each planned deployment. Told again, it starts nothing twice; an execution that ended with
 * nothing written is started anew under its next name. Raises whatever AWS refused: then nothing more was started, and
 * told again it goes on from there.
 */
export const startPlanned = async (
  workflows: Workflows,
  all: readonly PlannedDeployment[],
): Promise<Pick<HookOutcome, 'started' | 'ended'>> => {
  const outcome: Pick<HookOutcome, 'started' | 'ended'> = { started: [], ended: [] };
  for (const planned of all) {
    const target = targetLabel(planned.target);
    const start = await startOne(workflows, planned);
    if ('begun' in start) outcome.started.push({ target, execution: start.begun });
    else outcome.ended.push({ target, as: start.ended });
  }
  return outcome;
};

/** Broken targets, named as the others are: project and name. */
export const labelled = (project: number, broken: readonly BrokenTarget[]): BrokenTarget[] =>
  broken.map((one) => ({ ...one, name: targetLabel({ project, name: one.name }) }));
