import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { targetLabel } from '../lib/domain/target.ts';
import type { History } from '../lib/ports/history.ts';
import type { Targets } from '../lib/ports/targets.ts';

export interface HistoryPorts {
  history: History;
  targets: Pick<Targets, 'all'>;
}

/** The newest of a target's deployments, at most so many. */
export const newestOf = async (history: History, target: string, most: number): Promise<DeploymentRecord[]> => {
  const found: DeploymentRecord[] = [];
  if (most === 0) return found;
  for await (const record of history.ofTarget(target)) {
    found.push(record);
    if (found.length === most) break;
  }
  return found;
};

const everyTarget = async (targets: Pick<Targets, 'all'>): Promise<string[]> =>
  (await targets.all()).flatMap(({ project, targets: usable, broken }) =>
    [...usable, ...broken].map(({ name }) => targetLabel({ project, name })),
  );

/** The newest deployments of a target, or of all targets that there are; newest first. Raises AwsUnavailable, AwsRefused. */
export const lookBack =
  ({ history, targets }: HistoryPorts) =>
  async ({ target, limit }: { target?: string | undefined; limit: number }): Promise<DeploymentRecord[]> => {
    const labels = target === undefined ? await everyTarget(targets) : [target];
    const all: DeploymentRecord[] = [];
    for (const label of labels) all.push(...(await newestOf(history, label, limit)));
    return all.toSorted((a, b) => b.openedAt.localeCompare(a.openedAt)).slice(0, limit);
  };
