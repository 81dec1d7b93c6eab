import { checkRollout } from '../../lib/app/check-rollout.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { diagnosis } from '../../lib/runtime/wiring/diagnosis.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** Has our own rollout completed? */
export const handler = task(
  'check-rollout',
  checkRollout({ fleet: fleet(), diagnosis: diagnosis(), journal: journal(), interval: lookInterval() }),
);
