/** Whether a workflow execution in this state will write nothing more. One that cannot be seen may only be too young to be seen. */
export const executionStatusOver = ({ state }: { state: 'running' | 'succeeded' | 'unknown' | 'failed' }): boolean =>
  state === 'succeeded' || state === 'failed';
