import { conclude, type WorkflowState } from '../domain/conclusion.ts';
import type { End } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import type { Announcements } from '../ports/announcements.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

export interface SettleInput {
  execution: string;
  state: WorkflowState;
}

export interface SettlePorts {
  journal: Journal;
  announcements: Announcements;
  clock: Clock;
}

/** The end, and whether EventBridge took its event. */
export type Settled = End & { announced: boolean };

const announce = async (
  announcements: Announcements,
  of: Parameters<Announcements['ended']>[0],
  end: End,
): Promise<Settled> => {
  const refused = (error: unknown) => {
    if (error instanceof DeployFailure && error.name === 'AwsRefused') return false;
    throw error;
  };
  return { ...end, announced: await announcements.ended(of, end).then(() => true, refused) };
};

/**
 * Writes the end, frees the lock in the same transaction, and announces it. A deployment that was never confirmed has
 * no record: its end is only announced. Repeated, it keeps the end that was written first. An event that is refused
 * fails nothing: the journal has the end, and a failed execution would say that the deployment failed. Raises AwsUnavailable.
 */
export const settle =
  ({ journal, announcements, clock }: SettlePorts) =>
  async ({ execution, state }: SettleInput): Promise<Settled> => {
    const record = await journal.read(state.of.deployment);
    const ends = { written: record?.starting !== undefined, succeeded: record?.succeeded !== undefined };
    const end: End = { ...conclude(state, ends), at: clock().toISOString() };
    if (record === undefined) return announce(announcements, state.of, end);
    return announce(announcements, record, await journal.settle(record, execution, end));
  };
