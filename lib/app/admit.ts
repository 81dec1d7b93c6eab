import { admit as decide, release, type Admission, type Candidate } from '../domain/admission.ts';
import type { DeploymentRecord, Outcome } from '../domain/deployment.ts';
import { executionDead } from '../domain/execution.ts';
import { DeployFailure } from '../domain/failure.ts';
import { isBehind, seenOrder, standing, type Standing, type TargetOrder } from '../domain/order.ts';
import { hours, minutes, nextWait, type Wait } from '../domain/pacing.ts';
import type { Journal, Queue } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';
import { recordOf } from './record-of.ts';
import { startRecovery } from './start-recovery.ts';
import { tellStart, type TellPorts } from './tell.ts';

export interface AdmitInput {
  execution: string;
  deployment: string;
  wait: Wait;
  /** whether an earlier look of this execution put it into the queue */
  queued: boolean;
}

export type AdmitOutput =
  | { state: 'admitted' }
  | { state: 'waiting'; queued: true; wait: Wait; because: string }
  | { state: 'ended'; outcome: Outcome; because: string };

export interface AdmitPorts extends TellPorts {
  journal: Journal;
  workflows: Workflows;
}

const queueLimit = hours(14);
const interval = { fast: 15, slow: minutes(3), fastFor: minutes(5) };
const tries = 5;

/** The one in front may have died: no Catch sees that, and its recovery may have died as well. */
const wakeRecovery = async ({ journal, workflows, clock }: AdmitPorts, behind: Candidate): Promise<string> => {
  const waiting = `behind ${behind.execution}`;
  if (!executionDead(await workflows.status(behind.execution), behind.since, clock())) return waiting;
  // It may have freed its place since the lock was read, and ended after that.
  if ((await journal.read(behind.deployment))?.end !== undefined) return waiting;
  return `${waiting}, which is dead; its recovery: ${await startRecovery(workflows, behind.deployment)}`;
};

const wait = async (ports: AdmitPorts, behind: Candidate, waited: Wait): Promise<AdmitOutput> => {
  const because = await wakeRecovery(ports, behind);
  if (waited.phase >= queueLimit) {
    throw new DeployFailure('QueueTimedOut', 'the service was not free for 14 hours', {
      facts: { behind: behind.execution },
    });
  }
  return { state: 'waiting', queued: true, wait: nextWait(waited, interval, 'phase'), because };
};

const superseded = (by: Candidate | undefined): NonNullable<Found['ended']> => {
  const because = {
    order: `${by?.key.join('/') ?? ''} is newer`,
    rollback: 'a rollback was asked after it',
    operator: "an operator's deployment took its slot",
  };
  return {
    state: 'ended',
    outcome: 'superseded',
    because: by === undefined ? 'its slot was taken' : because[by.precedence],
  };
};

const candidate = (
  { execution }: AdmitInput,
  { record, order, now }: { record: DeploymentRecord; order: TargetOrder; now: Date },
  { precedence }: { precedence: Candidate['precedence'] },
): Candidate => ({
  execution,
  deployment: record.deployment,
  target: record.target,
  // An operator's has no key of its own: the newest that was seen.
  key: record.cause.kind === 'operator' ? (order.newestSeen ?? []) : record.key,
  precedence,
  askedAt: record.askedAt,
  since: now.toISOString(),
});

const standingOf = async (journal: Journal, order: TargetOrder, record: DeploymentRecord): Promise<Standing> => {
  const { cause, target } = record;
  const asks = cause.kind === 'job' && isBehind(order, record);
  return standing(order, record, asks ? await journal.jobDeployed(target, cause.pipeline) : undefined);
};

/** What one look finds and leaves: what to write, and what it came to. */
interface Found {
  lock: Queue['lock'];
  ended?: Extract<AdmitOutput, { state: 'ended' }>;
  behind?: Candidate;
}

const leave = (lock: Queue['lock'], execution: string): Queue['lock'] =>
  lock.waiters.some((waiter) => waiter.execution === execution) ? release(lock, execution) : lock;

const judge = (admission: Admission): Found => {
  if (admission.state === 'superseded') return { lock: admission.lock, ended: superseded(admission.by) };
  return { lock: admission.lock, ...(admission.state === 'waiting' ? { behind: admission.behind } : {}) };
};

const take = async (
  { journal, clock }: AdmitPorts,
  { lock, order }: Queue,
  { input, record }: { input: AdmitInput; record: DeploymentRecord },
): Promise<Found> => {
  if (lock.holder?.execution === input.execution) return { lock };
  const stands = await standingOf(journal, order, record);
  if ('ends' in stands)
    return {
      lock: leave(lock, input.execution),
      ended: { state: 'ended', outcome: stands.ends, because: stands.because },
    };
  return judge(decide(lock, candidate(input, { record, order, now: clock() }, stands), input.queued));
};

/** Only what has changed is written. */
const changes = (read: Queue, lock: Queue['lock'], order: TargetOrder): Partial<Queue> => ({
  ...(lock === read.lock ? {} : { lock }),
  ...(order === read.order ? {} : { order }),
});

/**
 * One look at the queue of the service: takes the lock when it is this deployment's turn, its target's waiting slot
 * otherwise; who finds the one in front dead starts its recovery. Ends `superseded`, `outdated` and `held` are successes. Raises
 * QueueTimedOut, LockLost, and AwsUnavailable when others change the queue faster than it can be written.
 */
export const admit =
  (ports: AdmitPorts) =>
  async (input: AdmitInput): Promise<AdmitOutput> => {
    const { journal } = ports;
    const { service, target } = await recordOf(journal, input.deployment);
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const read = await journal.queue(service, target);
      // A stopped execution's last Lambda may look once more while its recovery settles it. The end changes the queue:
      // read in this order, it is either seen here, or makes the write below fail.
      const record = await recordOf(journal, input.deployment);
      if (record.end !== undefined)
        throw new DeployFailure('LockLost', 'another execution has settled this deployment');
      const { lock, ended, behind } = await take(ports, read, { input, record });
      const change = changes(read, lock, seenOrder(read.order, record));
      const written =
        Object.keys(change).length === 0 || (await journal.writeQueue(record.service, record.target, change));
      if (!written) continue;
      if (ended !== undefined) return ended;
      if (behind !== undefined) return wait(ports, behind, input.wait);
      await tellStart(ports, record);
      return { state: 'admitted' };
    }
    throw new DeployFailure('AwsUnavailable', 'the queue changed at every try');
  };
