import { shift } from '../../lib/app/shift.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { traffic } from '../../lib/runtime/wiring/traffic.ts';

/** One step's weights, written once. */
export const handler = task('shift', shift({ traffic: traffic(), journal: journal(), interval: lookInterval() }));
