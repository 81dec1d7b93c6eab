import type { End } from '../lib/domain/deployment.ts';

/** An execution of the workflow as Step Functions has it. */
export interface ExecutionView {
  /** `failed`: also aborted and timed out */
  state: 'running' | 'succeeded' | 'failed';
  /** of one that failed: the failure's name, and its sentence */
  error?: string;
  because?: string;
  /** what its last task said of the end */
  end?: Omit<End, 'at'>;
}

/** A task of the workflow that was begun. */
export interface ExecutionStep {
  state: string;
  /** ISO 8601, real time */
  at: string;
}

/** Step Functions, for those who look on. Every method raises AwsUnavailable, AwsRefused. */
export interface Executions {
  /** Undefined when there is no execution of this name, or none yet: it may take a while to be seen. */
  find: (name: string) => Promise<ExecutionView | undefined>;
  /** Names of those under way, newest first. */
  running: () => Promise<string[]>;
  /** Its tasks in order; undefined when Step Functions has forgotten it, after ninety days. */
  steps: (name: string) => Promise<ExecutionStep[] | undefined>;
}
