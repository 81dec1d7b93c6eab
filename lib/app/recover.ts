import { recoveredBy } from '../domain/cause.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';
import { startRecovery, type RecoveryStart } from './start-recovery.ts';

/** `recovery died`: its deployment still has no end; whoever waits for the service next starts the next recovery. */
export type Recovery = 'no record' | 'settled' | 'recovery died' | RecoveryStart;

const open = (record: DeploymentRecord | undefined): boolean => record !== undefined && record.end === undefined;

const afterRecovery = async (journal: Journal, execution: string): Promise<Recovery> => {
  const deployment = recoveredBy(execution);
  if (deployment === undefined) return 'no record';
  return open(await journal.read(deployment)) ? 'recovery died' : 'settled';
};

/**
 * An execution of the workflow ended badly. When its deployment has a record without an end, no Catch saw its death
 * (timeout, abort, runtime error): the same machine is started to clean up after it, once.
 */
export const recover =
  ({ journal, workflows }: { journal: Journal; workflows: Workflows }) =>
  async ({ execution }: { execution: string }): Promise<{ result: Recovery }> => {
    const record = await journal.read(execution);
    if (record === undefined) return { result: await afterRecovery(journal, execution) };
    return { result: open(record) ? await startRecovery(workflows, execution) : 'settled' };
  };
