import { DeployFailure, type FailureName } from './failure.ts';
import { hours, minutes } from './pacing.ts';
import { nextTry } from './unreachable.ts';

/** Seconds waited for a copy, counted and never read off a clock. */
export interface CopyWait {
  /** for a registry or an ECR that does not answer, since a byte last came */
  unreachable: number;
  /** for a signature that must come */
  unsigned: number;
  /** in all, whole invocations included */
  total: number;
  /** bytes, by the invocations so far */
  moved?: number;
  /** until the next invocation */
  seconds: number;
}

/** Why a copy is not through; `progressed`: it moved at least a byte. */
export type Unfinished = { progressed: boolean } & (
  { state: 'out of time' } | { state: 'unavailable'; failure: FailureName; because: string } | { state: 'unsigned' }
);

/** What one invocation is counted as when it has used up its time: the function's timeout. */
export const invocationSeconds = minutes(15);

const unsignedLimit = minutes(5);
const totalLimit = hours(6);

const handedOn = (wait: CopyWait): CopyWait => ({
  ...wait,
  unreachable: 0,
  total: wait.total + invocationSeconds,
  seconds: 1,
});

const unreachable = (
  wait: CopyWait,
  { failure, because, progressed }: Unfinished & { state: 'unavailable' },
): CopyWait => {
  const waited = progressed ? 0 : wait.unreachable;
  const next = nextTry(waited, new DeployFailure(failure, because));
  // Slow after five minutes in all, also when bytes come: each round is a dozen events of an execution's 25,000.
  const seconds = wait.total < minutes(5) ? next.seconds : 60;
  return { ...wait, unreachable: waited + seconds, total: wait.total + seconds, seconds };
};

const unsigned = (wait: CopyWait): CopyWait => {
  if (wait.unsigned >= unsignedLimit) {
    throw new DeployFailure('SignatureMissing', 'nothing signed the image within five minutes of its copy');
  }
  return { ...wait, unsigned: wait.unsigned + 15, total: wait.total + 15, seconds: 15 };
};

/**
 * The wait before the copy goes on. Raises CopyTimedOut after six hours, SignatureMissing after five minutes without
 * one, and what was unavailable (RegistryUnavailable, AwsUnavailable) after thirty minutes without a byte.
 */
export const nextCopyWait = (wait: CopyWait, stopped: Unfinished): CopyWait => {
  if (wait.total >= totalLimit) throw new DeployFailure('CopyTimedOut', 'the copy was not through after six hours');
  if (stopped.state === 'out of time') return handedOn(wait);
  return stopped.state === 'unsigned' ? unsigned(wait) : unreachable(wait, stopped);
};
