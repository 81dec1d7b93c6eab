import type { Execution } from '../executions.ts';
import { watchCopy, type CopyWatch, type CopyWitnesses } from './copy-watch.ts';
import type { Narrator } from './narrator.ts';
import { stepsTaken, type TakenStep } from './workflow-steps.ts';

/** A deployment that is told of. */
export interface ToldDeployment {
  letter: string;
  /** the name of its copy in the journal */
  copy: string;
  witnesses: CopyWitnesses;
  nameOf?: NameOf;
}

export type NameOf = (taken: TakenStep) => string;

/** A step's name; of one that was taken before, the first word of it. */
export const plainName: NameOf = ({ step: { name }, before }) =>
  before === 0 ? name : `${name.split(' ')[0] ?? name} again`;

/** Tells the steps of an execution that have ended since the last look, and which one is under way; of the copy, each layer. */
export const stepTeller = (narrator: Narrator, { letter, copy, witnesses, nameOf = plainName }: ToldDeployment) => {
  let told = 0;
  let watch: CopyWatch | undefined;

  const over = async (end: { at: Date; failed?: boolean }): Promise<void> => {
    const stays = (await watch?.stop(end.at)) ?? [];
    watch = undefined;
    narrator.done(end);
    for (const line of stays) narrator.say(`      ${line}`);
  };

  return async (execution: Execution): Promise<void> => {
    const taken = stepsTaken(execution);
    for (const one of taken.slice(told)) {
      const { step, from } = one;
      // What is undone is the step before it: it is the one that failed.
      await over({ at: from, failed: step.name === 'Undo' });
      if (step.name === 'Copy image') watch = watchCopy(witnesses, { name: copy, begun: from });
      const details = watch === undefined ? {} : { details: watch };
      narrator.going({ part: `${letter} ${nameOf(one)}`, name: nameOf(one), does: step.does, ...details }, from);
    }
    told = taken.length;
    if (execution.stoppedAt !== undefined) await over({ at: execution.stoppedAt });
  };
};
