import { takeOver as move, type Candidate } from '../domain/admission.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { executionDead } from '../domain/execution.ts';
import { DeployFailure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Workflows } from '../ports/workflows.ts';
import { recordOf } from './record-of.ts';

export type TakeOverOutput = { deployment: string; target: string } & (
  | { state: 'taken'; because: string }
  /** it has an end, or never held the lock and wrote nothing */
  | { state: 'over' | 'idle'; because: string }
);

export interface TakeOverPorts {
  journal: Journal;
  workflows: Workflows;
  clock: Clock;
}

const tries = 5;

const died = (record: DeploymentRecord) => ({ deployment: record.deployment, target: record.target });

/** Raises AwsUnavailable while that execution lives, or is not yet seen to be dead: then another try may do. */
const mustBeDead = async (
  { workflows, clock }: TakeOverPorts,
  { execution, since }: Pick<Candidate, 'execution' | 'since'>,
): Promise<void> => {
  if (executionDead(await workflows.status(execution), since, clock())) return;
  throw new DeployFailure('AwsUnavailable', 'Step Functions does not show that execution as ended', {
    facts: { execution },
  });
};

/**
 * Moves the lock from a dead execution, the deployment's own or an earlier recovery's, to this one, in one conditional
 * write. Raises AwsUnavailable while the dead one is not seen to be dead, and LockLost when the deployment wrote to the service and
 * somebody else holds the lock: then that one cleans up.
 */
export const takeOver =
  (ports: TakeOverPorts) =>
  async ({ execution, resume }: { execution: string; resume: string }): Promise<TakeOverOutput> => {
    const { journal, clock } = ports;
    const record = await recordOf(journal, resume);
    if (record.end !== undefined) return { ...died(record), state: 'over', because: 'it has ended' };
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const { lock } = await journal.queue(record.service, record.target);
      const holder = lock.holder?.deployment === resume ? lock.holder : undefined;
      if (holder?.execution === execution) return { ...died(record), state: 'taken', because: 'it holds the lock' };
      await mustBeDead(ports, holder ?? { execution: resume, since: record.openedAt });
      const moved = move(lock, resume, { execution, since: clock().toISOString() });
      if (moved === undefined && record.starting === undefined)
        return { ...died(record), state: 'idle', because: 'it died before its turn' };
      if (moved === undefined) throw new DeployFailure('LockLost', 'somebody else took the lock over');
      if (await journal.writeQueue(record.service, record.target, { lock: moved }))
        return { ...died(record), state: 'taken', because: 'the lock was taken over' };
    }
    throw new DeployFailure('AwsUnavailable', 'the lock changed at every try');
  };
