import { recoveredBy } from '../lib/domain/cause.ts';
import type { TargetId } from '../lib/domain/target.ts';
import { targetLabel } from '../lib/domain/target.ts';
import type { History } from '../lib/ports/history.ts';
import type { Executions } from './executions.ts';
import { newestOf } from './history.ts';

/** What a person wants to see: a deployment by its name, a target's newest, or whatever is under way. */
export type Wanted = { deployment: string } | { target: TargetId } | 'under way';

export type Chosen = { deployment: string } | { because: string; several?: string[] };

/** A recovery cleans up after a deployment, and is none itself. */
const withoutRecoveries = (names: readonly string[]): string[] =>
  names.filter((name) => recoveredBy(name) === undefined);

/** Which deployment to watch. Raises AwsUnavailable, AwsRefused. */
export const chooseDeployment =
  ({ history, executions }: { history: History; executions: Pick<Executions, 'running'> }) =>
  async (wanted: Wanted): Promise<Chosen> => {
    if (wanted === 'under way') {
      const running = withoutRecoveries(await executions.running());
      const [one, ...others] = running;
      if (one === undefined) return { because: 'nothing is under way' };
      return others.length === 0
        ? { deployment: one }
        : { because: 'several deployments are under way; name one of them', several: running };
    }
    if ('deployment' in wanted) return wanted;
    const [newest] = await newestOf(history, targetLabel(wanted.target), 1);
    return newest === undefined
      ? { because: `no deployment of ${targetLabel(wanted.target)} is known` }
      : { deployment: newest.deployment };
  };
