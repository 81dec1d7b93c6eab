import type { DeploymentRecord, End } from './deployment.ts';
import type { Strategy } from './target.ts';

/** What is measured of a deployment that has ended: seconds and bytes, each only if it came to that. */
export interface Measures {
  strategy: Strategy['type'];
  /** from its confirmation until the service was its own and at rest */
  WaitSeconds?: number;
  CopySeconds?: number;
  /** of a rolling deployment its rollout, of two colours their swap, until it had succeeded */
  RolloutSeconds?: number;
  /** from its confirmation to its success */
  DeploymentSeconds?: number;
  /** moved from GitLab's registry */
  CopiedBytes?: number;
}

/** Those that there are. */
type Taken = Omit<Measures, 'strategy'>;

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

const waited = ({ openedAt, found }: DeploymentRecord): Taken =>
  found?.at === undefined ? {} : { WaitSeconds: secondsBetween(openedAt, found.at) };

const copied = ({ found, copied: copy }: DeploymentRecord): Taken => {
  if (copy === undefined) return {};
  const took = found?.at === undefined ? {} : { CopySeconds: secondsBetween(found.at, copy.at) };
  return { ...took, CopiedBytes: copy.bytes };
};

const deployed = ({ openedAt, starting, succeeded }: DeploymentRecord, { at }: End): Taken => {
  const done = succeeded?.at ?? at;
  const took = starting?.at === undefined ? {} : { RolloutSeconds: secondsBetween(starting.at, done) };
  return { ...took, DeploymentSeconds: secondsBetween(openedAt, done) };
};

/**
 * What its record says of how long it took. Only what was completed is measured: how long a failure takes says nothing
 * of how long a deployment does. Records of before the times were noted have fewer measures.
 */
export const measuresOf = (record: DeploymentRecord, end: End): Measures => ({
  strategy: record.blueGreen === undefined ? 'rolling' : 'blue-green',
  ...waited(record),
  ...copied(record),
  ...(end.outcome === 'deployed' ? deployed(record, end) : {}),
});
