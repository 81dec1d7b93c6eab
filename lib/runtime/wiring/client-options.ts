import { callerName } from '../config.ts';

/** Three tries of at most 2.5 s fit into every function's time limit, the doors' nine seconds included. */
export const clientOptions = () => ({
  maxAttempts: 3,
  userAgentAppId: callerName(),
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
});
