import { recoveryName } from '../domain/cause.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';

export type Recovery = 'no record' | 'settled' | 'started' | 'exists';

/**
 * An execution of the workflow ended badly. When its deployment has a record without an end, no Catch saw its death
 * (timeout, abort, runtime error): the same machine is started to clean up after it, once.
 */
export const recover =
  ({ journal, workflows }: { journal: Journal; workflows: Workflows }) =>
  async ({ execution }: { execution: string }): Promise<Recovery> => {
    const record = await journal.read(execution);
    if (record === undefined) return 'no record';
    if (record.end !== undefined) return 'settled';
    return workflows.start(recoveryName(execution), { resume: execution });
  };
