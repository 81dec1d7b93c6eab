import type { UndoResult } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { certainAfter, minutes, nextWait, type Wait } from '../domain/pacing.ts';
import { begunSwapOf } from '../domain/swap.ts';
import { nextUndoStep } from '../domain/undoing.ts';
import { recordOf } from './record-of.ts';
import { tellStep } from './tell.ts';
import { undoSwap, type UndoSwapPorts } from './undo-swap.ts';

export interface UndoInput {
  execution: string;
  deployment: string;
  wait: Wait;
}

export type UndoOutput = { done: true; result: UndoResult } | { done: false; wait: Wait };

/** Of these a rolling deployment needs the fleet and the journal. */
export type UndoPorts = UndoSwapPorts;

const isEarly = (result: UndoResult, { phase }: Wait): boolean => result === 'nothing written' && phase < certainAfter;

/**
 * One step of taking back what this deployment wrote, or one look at how that goes. Raises UndoFailed when the way
 * back failed or took longer than the target's timeout, LockLost when somebody else cleans up.
 */
export const undo =
  (ports: UndoPorts) =>
  async ({ execution, deployment, wait }: UndoInput): Promise<UndoOutput> => {
    const { fleet, journal, interval } = ports;
    const record = await recordOf(journal, deployment);
    if (record.starting === undefined) return { done: true, result: 'nothing written' };
    if (record.succeeded !== undefined) return { done: true, result: 'left alone' };
    if (record.blueGreen !== undefined) return undoSwap(ports, { execution, record: begunSwapOf(record), wait });
    const service = await fleet.service(record.service);
    if (service === undefined) return { done: true, result: 'left alone' };
    const step = nextUndoStep(record, service);
    if (step.do === 'nothing' && !isEarly(step.result, wait)) return { done: true, result: step.result };
    if (step.do === 'give up') throw new DeployFailure('UndoFailed', step.because);
    if (wait.phase >= minutes(record.timeoutMinutes)) {
      throw new DeployFailure('UndoFailed', `the way back was not completed after ${record.timeoutMinutes} minutes`);
    }
    if (step.do === 'revert') {
      await journal.note(record, execution, { undoing: { to: step.to } });
      await fleet.update(record.service, step.to);
      await tellStep(ports, record, { step: 'undo begun' });
    }
    return { done: false, wait: nextWait(wait, interval, 'total') };
  };
