/** Step Functions: the one workflow, by execution name. */
export interface Workflows {
  /** Starts an execution; `exists` when the name is taken, running or ended. */
  start: (name: string, input: object) => Promise<'started' | 'exists'>;
  /** `unknown`: no such execution, or not yet visible (DescribeExecution is eventually consistent). */
  status: (name: string) => Promise<ExecutionStatus>;
}

export type ExecutionStatus = { state: 'running' | 'succeeded' | 'unknown' } | { state: 'failed'; error: string };
