import type { DeploymentRecord, UndoResult } from './deployment.ts';
import { ourRollout, primary, type ServiceState } from './rollout.ts';

export type UndoStep =
  | { do: 'nothing'; result: UndoResult }
  | { do: 'follow' }
  | { do: 'revert'; to: string }
  | { do: 'give up'; because: string };

const idsBefore = (record: DeploymentRecord): readonly string[] => record.found?.idsBefore ?? [];

/** Somebody else's rollout is on top of ours, or nothing of ours was ever there. */
const settled = (record: DeploymentRecord, service: ServiceState): UndoStep => {
  const front = primary(service);
  if (front === undefined || idsBefore(record).includes(front.id)) return { do: 'nothing', result: 'nothing written' };
  if (front.revision !== record.found?.before) return { do: 'nothing', result: 'left alone' };
  if (front.state === 'IN_PROGRESS') return { do: 'follow' };
  if (front.state === 'FAILED')
    return { do: 'give up', because: `the way back, rollout ${front.id}, failed: ${front.reason}` };
  return { do: 'nothing', result: record.undoing === undefined ? 'rolled back by ECS' : 'undone' };
};

/**
 * The next step of taking back what this deployment wrote, and only while that is still in force. A rollback that
 * is under way, ECS's or ours, is followed and not started again; somebody else's change on top is left alone.
 */
export const nextUndoStep = (record: DeploymentRecord, service: ServiceState): UndoStep => {
  if (record.starting === undefined) return { do: 'nothing', result: 'nothing written' };
  const ours = ourRollout(service, { revision: record.starting.revision, idsBefore: idsBefore(record) });
  if (ours === undefined || primary(service)?.id !== ours.id) return settled(record, service);
  const before = record.found?.before;
  if (before === undefined) return { do: 'nothing', result: 'no way back' };
  return { do: 'revert', to: before };
};
