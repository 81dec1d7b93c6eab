import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import type { Sight } from './sight.ts';

/** A part of a deployment that people are shown. */
export interface Phase {
  name: string;
  does: string;
  state: 'done' | 'now' | 'to come' | 'failed';
}

const doing = {
  confirm: 'GitLab is asked whether it is so, and which image that is',
  turn: 'waits for its turn at the service',
  look: 'looks at what runs, and notes the way back',
  copy: "brings the image from GitLab's registry to ECR",
  register: 'makes the new revision',
  rollout: 'ECS starts new tasks and stops old ones',
  green: 'starts as many tasks of the new colour as the old one has',
  shift: 'moves users step by step',
  retire: 'takes the old colour out of use',
  undo: 'puts back what was there before',
} as const;

type Name = keyof typeof doing;

const plan = ({ blueGreen, copy }: Pick<DeploymentRecord, 'blueGreen' | 'copy'>): Name[] => [
  ...(['confirm', 'turn', 'look'] as const),
  ...(copy === undefined ? [] : (['copy'] as const)),
  'register',
  ...(blueGreen === undefined ? (['rollout'] as const) : (['green', 'shift', 'retire'] as const)),
];

/** Where a record stands, by what was journalled last; how it ended is another matter. */
const standing = (record: DeploymentRecord, waits: boolean): Name => {
  const { found, copy, registering, starting, shifting, succeeded, blueGreen } = record;
  if (succeeded !== undefined) return 'retire';
  if (shifting !== undefined) return 'shift';
  if (starting !== undefined) return blueGreen === undefined ? 'rollout' : 'green';
  if (registering !== undefined) return 'register';
  if (found !== undefined) return copy === undefined ? 'register' : 'copy';
  return waits ? 'turn' : 'look';
};

const stateAt = (index: number, at: number, end: DeploymentRecord['end']): Phase['state'] => {
  const isWell = end?.outcome === 'deployed' || end?.outcome === 'already deployed';
  if (index < at || isWell) return 'done';
  if (index > at) return 'to come';
  if (end === undefined) return 'now';
  return end.outcome === 'failed' ? 'failed' : 'to come';
};

/** All phases of this deployment in order, as far as it has come. Undo is one only once it has begun. */
export const phasesOf = ({ record, behind }: Pick<Sight, 'record' | 'behind'>): Phase[] => {
  if (record === undefined)
    return plan({}).map((name, index) => ({ name, does: doing[name], state: index === 0 ? 'now' : 'to come' }));
  const names = plan(record);
  const at = names.indexOf(standing(record, behind !== undefined));
  const { end, undoing } = record;
  const isUndone = undoing !== undefined && end?.outcome !== 'deployed';
  const phases = names.map((name, index): Phase => {
    const state = stateAt(index, at, end);
    return { name, does: doing[name], state: isUndone && index === at ? 'failed' : state };
  });
  if (!isUndone) return phases;
  const undone = end === undefined ? 'now' : end.failure === 'UndoFailed' ? 'failed' : 'done';
  return [...phases, { name: 'undo', does: doing.undo, state: undone }];
};
