import type { Execution } from '../executions.ts';

/** A step that people are shown: one task of the workflow with the choices and waits around it. */
export interface WorkflowStep {
  name: string;
  does: string;
  states: readonly string[];
}

export const workflowSteps: readonly WorkflowStep[] = [
  {
    name: 'Confirm',
    does: 'asks GitLab itself whether that pipeline succeeded',
    states: ['Begin', 'Prepare', 'Confirm', 'Confirmed?', 'Wait for GitLab'],
  },
  {
    name: 'Find image',
    does: 'turns the tag into a digest, once: tags move',
    states: ['Find image', 'Found?', 'Wait for registry'],
  },
  {
    name: 'Admit',
    does: "takes the service's lock; nothing newer is deployed",
    states: ['Admit', 'Admitted?', 'Wait for turn'],
  },
  { name: 'Look', does: 'notes the way back', states: ['Look', 'Ready?', 'Wait for service'] },
  {
    name: 'Copy image',
    does: "every byte from GitLab's registry to ECR, tags last",
    states: ['Copy image', 'Copied?', 'Wait for copy'],
  },
  { name: 'Register', does: 'a new revision, its image pinned by digest', states: ['Register', 'Which strategy?'] },
  { name: 'Start rollout', does: 'UpdateService, once', states: ['Start rollout'] },
  {
    name: 'Check rollout',
    does: 'follows its own rollout to the end',
    states: ['Wait for rollout', 'Check rollout', 'Rolled out?'],
  },
  {
    name: 'Start green',
    does: 'as many tasks of the new revision as live has',
    states: ['Prepare green', 'Start green'],
  },
  {
    name: 'Check green',
    does: 'waits until the load balancer finds green healthy',
    states: ['Wait for green', 'Check green', 'Is green healthy?'],
  },
  {
    name: 'Test green',
    does: 'asks green before users see it',
    states: ['Test green', 'Tested?', 'Wait for test'],
  },
  { name: 'Shift', does: "writes this step's weights", states: ['Prepare shift', 'Shift'] },
  {
    name: 'Watch',
    does: 'is all well with this share of the users?',
    states: ['Wait for users', 'Watch', 'Still well?'],
  },
  {
    name: 'Record success',
    does: 'from here on nothing is undone',
    states: ['Record success', 'Wait to retire'],
  },
  { name: 'Retire', does: 'takes the old colour out of use', states: ['Retire'] },
  {
    name: 'Undo',
    does: 'sees the service back on what was there before',
    states: ['Died', 'Prepare undo', 'Undo', 'Undone?', 'Wait for undo'],
  },
  {
    name: 'Settle',
    does: 'journals the end, frees the lock, announces it',
    states: ['Settle', 'Ended well?', 'Done', 'Failed', 'Lock lost', 'Not settled'],
  },
  {
    name: 'Take over',
    does: 'cleans up after an execution that died',
    states: ['Prepare recovery', 'Take over', 'Taken over?', 'Wait for the dead', 'Take stock', 'In force?'],
  },
];

const stepOf = (state: string): WorkflowStep =>
  workflowSteps.find(({ states }) => states.includes(state)) ?? { name: state, does: '', states: [state] };

/** A step that an execution took or is taking. */
export interface TakenStep {
  step: WorkflowStep;
  /** how often it was taken before, with something else since */
  before: number;
  from: Date;
  /** absent while it is under way */
  to?: Date;
}

/** The states of an execution as steps: a loop of states is one step, begun when its first state was entered. */
export const stepsTaken = ({ entered, stoppedAt }: Pick<Execution, 'entered' | 'stoppedAt'>): TakenStep[] => {
  const taken: TakenStep[] = [];
  for (const { state, at } of entered) {
    const step = stepOf(state);
    const last = taken.at(-1);
    if (last?.step.name === step.name) continue;
    if (last !== undefined) last.to = at;
    taken.push({ step, before: taken.filter((earlier) => earlier.step.name === step.name).length, from: at });
  }
  const last = taken.at(-1);
  if (last !== undefined && stoppedAt !== undefined) last.to = stoppedAt;
  return taken;
};
