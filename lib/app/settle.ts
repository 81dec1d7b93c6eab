import { conclude, type WorkflowState } from '../domain/conclusion.ts';
import type { End } from '../domain/deployment.ts';
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

/**
 * Writes the end, frees the lock in the same transaction, and announces it. A deployment that was never confirmed has
 * no record: its end is only announced. Repeated, it keeps the end that was written first.
 */
export const settle =
  ({ journal, announcements, clock }: SettlePorts) =>
  async ({ execution, state }: SettleInput): Promise<End> => {
    const record = await journal.read(state.of.deployment);
    const end: End = { ...conclude(state, record?.starting !== undefined), at: clock().toISOString() };
    if (record === undefined) {
      await announcements.ended(state.of, end);
      return end;
    }
    const written = await journal.settle(record, execution, end);
    await announcements.ended(record, written);
    return written;
  };
