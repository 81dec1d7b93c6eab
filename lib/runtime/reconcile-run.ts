import type { Reconciled, ReconcileInput, ReconcileTold } from '../app/reconcile.ts';
import { DeployFailure } from '../domain/failure.ts';
import { count, logger } from './log.ts';
import { task } from './task.ts';

/** A schedule's event, of which nothing is used, or ops' own word. */
export interface ReconcileEvent {
  project?: unknown;
}

interface Context {
  getRemainingTimeInMillis: () => number;
}

/** The verb, for an invocation that has `remaining` ms left. */
type VerbFor = (run: {
  remaining: () => number;
  told: ReconcileTold;
}) => (input: ReconcileInput) => Promise<Reconciled>;

/** Each deployment that was begun and each failure is a line of its own, and counted as it happens. */
const told: ReconcileTold = {
  started: (target, execution) => {
    logger.info('reconciled', { target, execution });
    count('DeploymentReconciled');
  },
  behind: (targets) => {
    count('ReconcileBehind', targets);
  },
  failed: (project, error) => {
    const { name, message } = error instanceof DeployFailure ? error : { name: 'Unexpected', message: '' };
    logger.warn('not reconciled', { project, failure: name, because: message });
  },
};

const inputOf = ({ project }: ReconcileEvent): ReconcileInput => {
  if (project === undefined) return {};
  if (typeof project === 'number' && Number.isSafeInteger(project) && project > 0) return { project };
  throw new DeployFailure('Misconfigured', 'project: must be the numeric id of a project');
};

/** The schedule's call, or ops' `{"project": 4711}`, in our words. */
export const reconcileRun =
  (verbFor: VerbFor) =>
  async (event: ReconcileEvent, context: Context): Promise<Reconciled> => {
    const run = verbFor({ remaining: () => context.getRemainingTimeInMillis(), told });
    return task('reconcile', async (said: ReconcileEvent) => run(inputOf(said)))(event);
  };
