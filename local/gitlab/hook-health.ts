import type { Clock } from '../clock.ts';
import type { Hook } from './world.ts';

/**
 * Auto-disabling: from the 4th failure in a row a hook rests for 1 minute, twice as long after each further one (at
 * most a day), and for good from the 40th. Any success forgets all of them.
 * https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks
 */
const toleratedFailures = 3;
const failuresForGood = 40;
const firstRest = 60_000;
const longestRest = 24 * 60 * 60_000;

export const alertStatus = (hook: Hook, clock: Clock): 'executable' | 'temporarily_disabled' | 'disabled' => {
  if (hook.failures >= failuresForGood) return 'disabled';
  const rests = hook.disabledUntil !== undefined && hook.disabledUntil >= clock.now();
  return rests ? 'temporarily_disabled' : 'executable';
};

export const recordSuccess = (hook: Hook): void => {
  hook.failures = 0;
  hook.disabledUntil = undefined;
};

/** A failure of a hook that is disabled already (a test, or several deliveries at once) changes nothing. */
export const recordFailure = (hook: Hook, clock: Clock): void => {
  if (alertStatus(hook, clock) !== 'executable') return;
  const rest = firstRest * 2 ** (hook.failures - toleratedFailures);
  hook.failures += 1;
  if (hook.failures > toleratedFailures) hook.disabledUntil = clock.now() + Math.min(rest, longestRest);
};
