import { executionName, maxAttempts, type Cause } from '../domain/cause.ts';
import { retryableNames } from '../domain/failure.ts';
import { planDeployments, type HookFacts, type PlannedDeployment } from '../domain/plan-deployments.ts';
import { targetLabel, type TargetId } from '../domain/target.ts';
import type { BrokenTarget, Targets } from '../ports/targets.ts';
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
 * The act of a hook: reads its project's targets, plans, and starts one execution for each planned deployment. Told
 * again, it starts nothing twice; an execution that ended with nothing written is started anew under its next name.
 * Raises whatever AWS refused: then nothing more was started, and the hook, told again, goes on from there.
 */
export const startDeployments =
  (ports: { targets: Targets; workflows: Workflows }) =>
  async (facts: HookFacts): Promise<HookOutcome> => {
    const { targets, broken } = await ports.targets.ofProject(facts.project);
    const named = broken.map((one) => ({ ...one, name: targetLabel({ project: facts.project, name: one.name }) }));
    const outcome: HookOutcome = { started: [], ended: [], broken: named };
    for (const planned of planDeployments(facts, targets)) {
      const target = targetLabel(planned.target);
      const start = await startOne(ports.workflows, planned);
      if ('begun' in start) outcome.started.push({ target, execution: start.begun });
      else outcome.ended.push({ target, as: start.ended });
    }
    return outcome;
  };
