import type { DeploymentRecord } from '../lib/domain/deployment.ts';

export type WayBack = { from: DeploymentRecord; to: DeploymentRecord } | { because: string };

const isDeployed = ({ end, found }: DeploymentRecord): boolean => end?.outcome === 'deployed' && found !== undefined;

/**
 * The newest earlier deployment of another image than the one that was deployed last, out of a target's deployments, newest
 * first. Earlier than *every* deployment of that image: who has gone back once, and goes back again, is not sent forward to
 * what was just left.
 */
export const wayBack = (newestFirst: readonly DeploymentRecord[]): WayBack => {
  const deployed = newestFirst.filter(isDeployed);
  const [from] = deployed;
  if (from === undefined) return { because: 'nothing was deployed on this target yet' };
  const first = deployed.findLastIndex(({ found }) => found?.digest === from.found?.digest);
  const to = deployed[first + 1];
  return to === undefined
    ? { because: 'no earlier deployment of another image is known of this target' }
    : { from, to };
};
