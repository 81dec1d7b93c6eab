import type { IncomingMessage } from 'node:http';
import { DeployFailure, type Facts } from '../../domain/failure.ts';
import { retryAfter } from './pace.ts';

/** RegistryUnavailable for an answer that says "later": 408, 429, 5xx. `now`: ms since 1970. */
export const unavailableStatus = (answer: IncomingMessage, facts: Facts, now: number): DeployFailure | undefined => {
  const status = answer.statusCode ?? 0;
  if (status !== 408 && status !== 429 && status < 500) return undefined;
  const seconds = retryAfter(answer.headers['retry-after'], now);
  return new DeployFailure('RegistryUnavailable', 'it says that it cannot answer now', {
    facts: { ...facts, status, ...(seconds === undefined ? {} : { retry_after: seconds }) },
  });
};
