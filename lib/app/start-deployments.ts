import { planDeployments, type HookFacts } from '../domain/plan-deployments.ts';
import type { Targets } from '../ports/targets.ts';
import type { Workflows } from '../ports/workflows.ts';
import { labelled, startPlanned, type HookOutcome } from './start-planned.ts';

/**
 * The act of the pipeline hook: reads its project's targets, plans, and starts one execution for each planned
 * deployment. Raises whatever AWS refused: then nothing more was started, and the hook, told again, goes on from there.
 */
export const startDeployments =
  (ports: { targets: Targets; workflows: Workflows }) =>
  async (facts: HookFacts): Promise<HookOutcome> => {
    const { targets, broken } = await ports.targets.ofProject(facts.project);
    const planned = await startPlanned(ports.workflows, planDeployments(facts, targets));
    return { ...planned, broken: labelled(facts.project, broken) };
  };
