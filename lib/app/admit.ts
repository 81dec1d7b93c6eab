import { admit as decide, type Admission, type Candidate } from '../domain/admission.ts';
import type { OrderKey } from '../domain/cause.ts';
import type { Outcome, ServiceName } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { hours, minutes, nextWait, type Wait } from '../domain/pacing.ts';
import type { Journal } from '../ports/journal.ts';

export interface AdmitInput {
  execution: string;
  deployment: string;
  target: string;
  service: ServiceName;
  key: OrderKey;
  wait: Wait;
  /** whether an earlier look of this execution put it into the queue */
  queued: boolean;
}

export type AdmitOutput =
  | { state: 'admitted' }
  | { state: 'waiting'; queued: true; wait: Wait; because: string }
  | { state: 'ended'; outcome: Outcome; because: string };

const queueLimit = hours(14);
const interval = { fast: 15, slow: minutes(3), fastFor: minutes(5) };
const tries = 5;

const answer = (admission: Admission, wait: Wait): AdmitOutput => {
  if (admission.state === 'admitted') return { state: 'admitted' };
  if (admission.state === 'waiting') {
    if (wait.phase >= queueLimit) {
      throw new DeployFailure('QueueTimedOut', 'the service was not free for 14 hours', {
        facts: { behind: admission.behind },
      });
    }
    const because = `behind ${admission.behind}`;
    return { state: 'waiting', queued: true, wait: nextWait(wait, interval, 'phase'), because };
  }
  const because = admission.by === undefined ? 'its slot was taken' : `${admission.by.join('/')} is newer`;
  return { state: 'ended', outcome: admission.state, because };
};

/**
 * One look at the queue of the service: takes the lock when it is this deployment's turn, its target's waiting slot
 * otherwise. Ends `superseded` or `outdated` are successes. Raises QueueTimedOut, LockLost, and AwsUnavailable when others
 * change the queue faster than it can be written.
 */
export const admit =
  ({ journal }: { journal: Journal }) =>
  async ({ service, wait, queued, ...input }: AdmitInput): Promise<AdmitOutput> => {
    const { execution, deployment, target, key } = input;
    const me: Candidate = { execution, deployment, target, key };
    // A stopped execution's last Lambda may look once more after its recovery has settled it.
    if ((await journal.read(deployment))?.end !== undefined)
      throw new DeployFailure('LockLost', 'another execution has settled this deployment');
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const { lock, order } = await journal.queue(service, target);
      const admission = decide(lock, me, { ...order, queued });
      const output = answer(admission, wait);
      if (admission.lock === lock || (await journal.writeLock(service, admission.lock))) return output;
    }
    throw new DeployFailure('AwsUnavailable', 'the queue changed at every try');
  };
