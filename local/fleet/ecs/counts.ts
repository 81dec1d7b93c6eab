import type { Task } from '../world/records.ts';

export interface Counts {
  runningCount: number;
  pendingCount: number;
}

/** Running and pending as ECS counts them: a task that is draining or stopping is neither. */
export const countsOf = (tasks: Task[]): Counts => ({
  runningCount: tasks.filter(({ status }) => status === 'RUNNING').length,
  pendingCount: tasks.filter(({ status }) => status === 'PROVISIONING' || status === 'PENDING').length,
});
