import { maxRecoveries, recoveryName } from '../domain/cause.ts';
import { executionStatusOver } from '../domain/execution.ts';
import type { Workflows } from '../ports/workflows.ts';

/** `given up`: nine recoveries of this deployment have died; a person has to look. */
export type RecoveryStart = 'started' | 'under way' | 'given up';

/**
 * Starts the one execution that cleans up after a dead deployment, by a name that Step Functions gives away once; the next one
 * when a recovery died itself. Whoever finds the death may call it, all of them at once: one recovery runs.
 */
export const startRecovery = async (workflows: Workflows, deployment: string): Promise<RecoveryStart> => {
  for (let attempt = 1; attempt <= maxRecoveries; attempt += 1) {
    const name = recoveryName(deployment, attempt);
    if ((await workflows.start(name, { resume: deployment })) === 'started') return 'started';
    if (!executionStatusOver(await workflows.status(name))) return 'under way';
  }
  return 'given up';
};
