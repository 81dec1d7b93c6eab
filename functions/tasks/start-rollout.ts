import { startRollout } from '../../lib/app/start-rollout.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** UpdateService, once. */
export const handler = task(
  'start-rollout',
  startRollout({ fleet: fleet(), journal: journal(), interval: lookInterval() }),
);
