/** How a workflow execution is known to stand. */
type Seen = { state: 'running' | 'succeeded' | 'unknown' | 'failed' };

/** Whether a workflow execution in this state will write nothing more. One that cannot be seen may only be too young to be seen. */
export const executionStatusOver = ({ state }: Seen): boolean => state === 'succeeded' || state === 'failed';

// DescribeExecution is eventually consistent: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
const visibleAfter = 60_000; // ms

/** Whether an execution that took its place at `since` (ISO 8601, real time) is over: what cannot be seen only once it should be. */
export const executionDead = (seen: Seen, since: string, now: Date): boolean =>
  executionStatusOver(seen) || (seen.state === 'unknown' && now.getTime() - Date.parse(since) >= visibleAfter);
