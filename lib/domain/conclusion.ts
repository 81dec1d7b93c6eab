import type { End, Outcome, UndoResult } from './deployment.ts';
import { isFailureName, retryableNames, type FailureName } from './failure.ts';

/** An error as a Step Functions Catch passes it on. `Cause` is text, mostly JSON. */
export interface CaughtError {
  Error: string;
  Cause?: string;
}

/** The workflow's state when it comes to settling: what the tasks left in it, each only if it came to that. */
export interface WorkflowState {
  /** whose deployment it is; the target's label */
  of: { deployment: string; target: string };
  confirm?: { state?: string; outcome?: Outcome; because?: string };
  admit?: { state?: string; outcome?: Outcome; because?: string };
  look?: { state?: string; outcome?: Outcome; because?: string };
  rollout?: { done?: boolean };
  /** what a recovery found of a dead execution's rollout */
  stock?: { next: string; because: string };
  retire?: { done?: boolean };
  undo?: { result?: UndoResult };
  failure?: CaughtError;
  /** Retire failed: the deployment is deployed all the same */
  retireFailure?: CaughtError;
  /** Undo itself failed */
  undoFailure?: CaughtError;
}

const maxSentence = 300;

const parsed = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const asText = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(asText);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
};

/**
 * Our own sentence and facts out of a caught error: Lambda wraps the message, whose JSON is DeployFailure's. Foreign
 * text is not passed on.
 */
const sentence = ({ Cause }: CaughtError): string => {
  const message = parsed(Cause ?? '')['errorMessage'];
  const { because, reasons, ...facts } = parsed(typeof message === 'string' ? message : '');
  if (typeof because !== 'string') return 'no reason was given';
  const named = Object.entries(facts).map(([name, value]) => `${name} ${asText(value).join(', ')}`);
  return [because, ...asText(reasons), ...named].map((text) => text.slice(0, maxSentence)).join('; ');
};

// The function ran into its time limit or could not be run: its last words are not ours.
const lambdaNames = /^(States\.(Timeout|TaskFailed|HeartbeatTimeout)|Lambda\..+|Sandbox\..+|Runtime\..+)$/;

/**
 * The closed list's name for a caught error. A name that is worth another try says that nothing was written: written
 * work that broke off is `Interrupted`, which is final.
 */
export const failureNameOf = ({ Error: name }: CaughtError, written: boolean): FailureName => {
  const known = isFailureName(name) ? name : lambdaNames.test(name) ? 'AwsUnavailable' : 'Unexpected';
  return written && retryableNames.includes(known) ? 'Interrupted' : known;
};

const succeeded = ({ confirm, admit, look, rollout, stock }: WorkflowState): Omit<End, 'at'> | undefined => {
  if (stock?.next === 'settle') return { outcome: 'deployed', because: stock.because };
  if (rollout?.done) return { outcome: 'deployed', because: 'its own rollout completed' };
  const ended = [look, admit, confirm].find((task) => task?.state === 'ended');
  return ended?.outcome === undefined ? undefined : { outcome: ended.outcome, because: ended.because ?? '' };
};

/** Green has proved itself; whether the old colour was taken out of use is another matter. */
const swapped = ({ retire, retireFailure, failure }: WorkflowState): Omit<End, 'at'> => {
  const because = 'green proved itself, and has all traffic';
  if (retire?.done) return { outcome: 'deployed', because };
  const left = sentence(retireFailure ?? failure ?? { Error: '' });
  return { outcome: 'deployed', warning: 'RetireIncomplete', because: `${because}; the old colour is left: ${left}` };
};

/**
 * The end to journal, without its time, out of what the tasks left. `written`: whether this deployment ever wrote to
 * the service; `succeeded`: whether it recorded a swap's success, which nothing takes away. Else a failure outweighs a
 * success before it, and a failing Undo outweighs everything.
 */
export const conclude = (
  state: WorkflowState,
  { written, succeeded: hasSwapped }: { written: boolean; succeeded: boolean },
): Omit<End, 'at'> => {
  if (hasSwapped) return swapped(state);
  const undo = state.undo?.result === undefined ? {} : { undo: state.undo.result };
  if (state.undoFailure !== undefined) {
    const because = `${sentence(state.undoFailure)}; before that: ${sentence(state.failure ?? { Error: '' })}`;
    return { outcome: 'failed', failure: 'UndoFailed', because, ...undo };
  }
  if (state.failure !== undefined) {
    const failure = failureNameOf(state.failure, written);
    return { outcome: 'failed', failure, because: sentence(state.failure), ...undo };
  }
  return (
    succeeded(state) ?? { outcome: 'failed', failure: 'Unexpected', because: 'the workflow came to no end of its own' }
  );
};
