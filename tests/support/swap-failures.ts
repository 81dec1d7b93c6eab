import type { FailureName } from '../../lib/domain/failure.ts';

/** What only a swap of colours fails as: reached in tests/workflow/swap-endings.test.ts, all else in endings.test.ts. */
export const swapFailures: readonly FailureName[] = [
  'AmbiguousTraffic',
  'ColoursMismatch',
  'CannotCopy',
  'ScalingMissing',
  'AlarmNotReady',
  'GreenUnhealthy',
  'TestFailed',
  'ColourUnwell',
  'AlarmRaised',
  'TrafficTampered',
  'ServiceTampered',
  'RetireIncomplete',
];
