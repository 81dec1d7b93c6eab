import type { Wait } from '../domain/pacing.ts';
import { trafficSettles } from '../domain/swap.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { recordOf } from './record-of.ts';

export interface RecordSuccessInput {
  execution: string;
  deployment: string;
  /** what was waited since the last shift */
  wait: Wait;
}

/** Seconds until the old colour may be retired: late nodes of the load balancer may still send users there. */
export interface SuccessView {
  wait: { seconds: number };
}

/** Journals that green has proved itself: from here on the swap is never undone, whatever becomes of the old colour. */
export const recordSuccess =
  ({ journal, clock }: { journal: Journal; clock: Clock }) =>
  async ({ execution, deployment, wait }: RecordSuccessInput): Promise<SuccessView> => {
    const record = await recordOf(journal, deployment);
    if (record.succeeded === undefined)
      await journal.note(record, execution, { succeeded: { at: clock().toISOString() } });
    return { wait: { seconds: Math.max(1, trafficSettles - wait.phase) } };
  };
