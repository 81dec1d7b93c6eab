import { endAnnouncement, type Announcement } from '../domain/announcement.ts';
import { conclude, type WorkflowState } from '../domain/conclusion.ts';
import type { End } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { measuresOf, type Measures } from '../domain/measures.ts';
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

/** The end, and what is measured of a deployment that has a record. */
export type Settled = End & { measures?: Measures };

const announce = async (announcements: Announcements, announcement: Announcement): Promise<void> => {
  try {
    await announcements.tell(announcement);
  } catch (error) {
    if (!(error instanceof DeployFailure && error.name === 'AwsRefused')) throw error;
    announcements.lost(announcement, error);
  }
};

/**
 * Writes the end, frees the lock in the same transaction, and announces it. A deployment that was never confirmed has
 * no record: its end is only announced. Repeated, it keeps the end that was written first. An event that is refused
 * fails nothing: the journal has the end, and a failed execution would say that the deployment failed. Raises AwsUnavailable,
 * also while EventBridge does not answer: the lock is free by then, nobody waits, and an end is told at least once.
 */
export const settle =
  ({ journal, announcements, clock }: SettlePorts) =>
  async ({ execution, state }: SettleInput): Promise<Settled> => {
    const record = await journal.read(state.of.deployment);
    const ends = { written: record?.starting !== undefined, succeeded: record?.succeeded !== undefined };
    const end: End = { ...conclude(state, ends), at: clock().toISOString() };
    const written = record === undefined ? end : await journal.settle(record, execution, end);
    await announce(announcements, endAnnouncement(record ?? state.of, written));
    return record === undefined ? written : { ...written, measures: measuresOf(record, written) };
  };
