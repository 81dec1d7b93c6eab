import { tendCredentials } from '../lib/app/tend-credentials.ts';
import { gaugeDaysLeft } from '../lib/runtime/log.ts';
import { task } from '../lib/runtime/task.ts';
import { tendPorts } from '../lib/runtime/wiring/rotations.ts';

const tend = task('tend-credentials', tendCredentials({ ...tendPorts(), showDaysLeft: gaugeDaysLeft }));

/** Every hour, and on ops' word. `revokeNow`: tokens that were replaced are revoked though others may still be using them. */
export const handler = (event: { revokeNow?: boolean }) => tend({ revokeNow: event.revokeNow === true });
