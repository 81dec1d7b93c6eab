import { DeployFailure } from '../../domain/failure.ts';

interface SdkError {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  $retryable?: { throttling?: boolean };
}

const throttling =
  /Throttl|TooManyRequests|RequestLimitExceeded|ThroughputExceeded|LimitExceeded|TransactionInProgress|ConcurrentUpdate|SlowDown/;

const passing = ({ name = '', $metadata, $retryable }: SdkError): boolean => {
  const status = $metadata?.httpStatusCode;
  // No status: the answer never came (reset, timeout), and may have been lost after the work was done.
  return status === undefined || status >= 500 || status === 429 || !!$retryable || throttling.test(name);
};

/**
 * Runs one AWS call and translates what it raises: AwsUnavailable when another try may help (throttled, 5xx, no
 * answer), else AwsRefused. AWS's own text is left behind, for it may quote what we sent. `expected` names errors
 * that the caller handles itself; they pass unchanged.
 */
export const awsCall = async <T>(operation: string, call: () => Promise<T>, expected: string[] = []): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    const sdkError = error as SdkError;
    const code = sdkError.name ?? 'Error';
    if (expected.includes(code)) throw error;
    const name = passing(sdkError) ? 'AwsUnavailable' : 'AwsRefused';
    throw new DeployFailure(name, `${operation}: ${code}`, { facts: { operation, code }, cause: error });
  }
};

/** Whether this is one of the AWS errors that a caller of awsCall expected. */
export const isAwsError = (error: unknown, name: string): boolean => (error as SdkError | undefined)?.name === name;

/** `awsCall` for a question about what may not be there: undefined when AWS answers one of the `absent` errors. */
export const awsCallIfThere = async <T>(
  operation: string,
  call: () => Promise<T>,
  absent: string[],
): Promise<T | undefined> => {
  try {
    return await awsCall(operation, call, absent);
  } catch (error) {
    if (absent.some((name) => isAwsError(error, name))) return undefined;
    throw error;
  }
};
