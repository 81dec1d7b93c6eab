import type { Clock } from '../../clock.ts';
import { ApiError } from './call.ts';

/**
 * 5 hook tests, and 5 resends, a minute of world time per project and user.
 * https://docs.gitlab.com/administration/settings/rate_limit_on_webhook_operations/
 */
const allowed = 5;
const period = 60_000;

export const createRateLimit = (clock: Clock): ((key: string) => void) => {
  const calls = new Map<string, number[]>();
  return (key) => {
    const now = clock.now();
    const recent = (calls.get(key) ?? []).filter((at) => at > now - period);
    if (recent.length >= allowed) {
      const error = 'This endpoint has been requested too many times. Try again later.';
      throw new ApiError(429, { message: { error } }, { 'retry-after': '60' });
    }
    calls.set(key, [...recent, now]);
  };
};
