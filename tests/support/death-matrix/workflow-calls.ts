import { DeployFailure, type FailureName } from '../../../lib/domain/failure.ts';
import type { Workflows } from '../../../lib/ports/workflows.ts';
import type { Faulty, OutwardCalls } from './outward-calls.ts';

const faulty = (operation: string): Faulty<never> => {
  const raise = (name: FailureName, code: string) => () =>
    Promise.reject(new DeployFailure(name, `${operation}: ${code}`));
  return {
    refused: raise('AwsRefused', 'AccessDeniedException'),
    throttled: raise('AwsUnavailable', 'ThrottlingException'),
    lost: raise('AwsUnavailable', 'TimeoutError'),
  };
};

/** Step Functions, which is played in process: its calls are seen as its adapter would make them. */
export const watchedWorkflows = (workflows: Workflows, outward: OutwardCalls): Workflows => {
  const call = <T>(operation: string, act: () => Promise<T>) =>
    outward.call({ service: 'SFN', operation }, faulty(operation), act);
  return {
    start: (name, input) => call('StartExecution', () => workflows.start(name, input)),
    status: (name) => call('DescribeExecution', () => workflows.status(name)),
  };
};
