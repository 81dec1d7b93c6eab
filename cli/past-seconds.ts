import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import type { History } from '../lib/ports/history.ts';

const mostCounted = 10;
const mostRead = 50;

/** Seconds from the beginning to the end of one that has ended. */
export const secondsOf = ({ openedAt, end }: DeploymentRecord): number | undefined =>
  end === undefined ? undefined : (Date.parse(end.at) - Date.parse(openedAt)) / 1_000;

/** Seconds that the latest deployments of a target took which were deployed, at most ten; waiting for others is in them. */
export const pastSeconds = async (history: History, target: string): Promise<number[]> => {
  const found: number[] = [];
  let read = 0;
  for await (const record of history.ofTarget(target)) {
    read += 1;
    const seconds = record.end?.outcome === 'deployed' ? secondsOf(record) : undefined;
    if (seconds !== undefined) found.push(seconds);
    if (found.length === mostCounted || read === mostRead) break;
  }
  return found;
};

/** The one in the middle; undefined of none. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower, upper] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
};
