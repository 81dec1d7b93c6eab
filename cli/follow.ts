import type { DeploymentRecord, End } from '../lib/domain/deployment.ts';
import { DeployFailure, isFailureName } from '../lib/domain/failure.ts';
import type { Pause } from '../lib/ports/clock.ts';
import type { ExecutionView } from './executions.ts';
import { lookAtDeployment, type LookPorts } from './look-at-deployment.ts';
import { secondsOf } from './past-seconds.ts';
import type { Sight } from './sight.ts';

/** How a deployment ended. Of one that was never confirmed there is no record, and only so much is known. */
export interface FollowedEnd extends Partial<Omit<End, 'at'>> {
  /** its own word, or the name under which Step Functions ended it, in `error` */
  error?: string;
  because: string;
}

export type Followed = { deployment: string } & (
  | { state: 'ended'; end: FollowedEnd; record?: DeploymentRecord; seconds?: number }
  | { state: 'interrupted' | 'unknown' }
);

export interface FollowPorts extends LookPorts {
  pause: Pause;
  /** Settles when the person at the keyboard wants no more. */
  interrupted: Promise<unknown>;
  /** Shown after each look. */
  show: (sight: Sight) => void;
}

const lookEvery = 1_000; // ms
/** So many looks in a row may fail: AWS may not answer for a while. */
const patience = 30;
/** ms. So long a new execution may not be seen yet: DescribeExecution is eventually consistent. */
const unseenFor = 60_000;

const endOfExecution = ({ state, end, error = '', because = '' }: ExecutionView): FollowedEnd | undefined => {
  if (state === 'running') return undefined;
  if (end !== undefined) return end;
  if (state === 'succeeded') return { because: 'the execution is over, and says of no end' };
  return isFailureName(error) ? { outcome: 'failed', failure: error, because } : { outcome: 'failed', error, because };
};

/** The end, once there is one. A dead execution whose deployment has a record is cleaned up after: that is still to come. */
const endSeen = ({ record, execution }: Sight): FollowedEnd | undefined =>
  record === undefined ? execution && endOfExecution(execution) : record.end;

const endedAs = (deployment: string, end: FollowedEnd, { record }: Sight): Followed => {
  const seconds = record === undefined ? undefined : secondsOf(record);
  return {
    ...{ deployment, state: 'ended', end },
    ...(record === undefined ? {} : { record }),
    ...(seconds === undefined ? {} : { seconds }),
  };
};

/** Which deployment, and whether it was begun just now. */
export interface FollowInput {
  deployment: string;
  begun: boolean;
}

/** What a look comes to; undefined: there is more to come. `waited`: ms since the first look. */
const judge = ({ deployment, begun }: FollowInput, sight: Sight, waited: number): Followed | undefined => {
  const end = endSeen(sight);
  if (end !== undefined) return endedAs(deployment, end, sight);
  const isUnseen = sight.record === undefined && sight.execution === undefined;
  return isUnseen && (!begun || waited >= unseenFor) ? { deployment, state: 'unknown' } : undefined;
};

/** A look that is tried again while AWS does not answer. */
const patientLook = async (ports: FollowPorts, deployment: string, before: Sight | undefined): Promise<Sight> => {
  for (let failures = 1; ; failures += 1) {
    try {
      return await lookAtDeployment(ports, deployment, before);
    } catch (error) {
      const isPassing = error instanceof DeployFailure && error.name === 'AwsUnavailable';
      if (!isPassing || failures === patience) throw error;
      await ports.pause(lookEvery);
    }
  }
};

/**
 * Follows a deployment until it has ended or the person who watches has seen enough; it goes on either way. `unknown`: there is no
 * such deployment; of one that was `begun` just now that is so only after a minute. Raises AwsUnavailable when AWS does not answer
 * thirty looks in a row, and AwsRefused.
 */
export const follow =
  (ports: FollowPorts) =>
  async (input: FollowInput): Promise<Followed> => {
    const { deployment } = input;
    const interrupted = ports.interrupted.then(() => undefined);
    const since = ports.clock().getTime();
    let before: Sight | undefined;
    for (;;) {
      const sight = await Promise.race([patientLook(ports, deployment, before), interrupted]);
      if (sight === undefined) return { deployment, state: 'interrupted' };
      ports.show(sight);
      const end = judge(input, sight, ports.clock().getTime() - since);
      if (end !== undefined) return end;
      before = sight;
      await Promise.race([ports.pause(lookEvery), interrupted]);
    }
  };
