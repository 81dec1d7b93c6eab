import { undo } from '../../lib/app/undo.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** Back to what was there, while what we wrote is still in force. */
export const handler = task('undo', undo({ fleet: fleet(), journal: journal(), interval: lookInterval() }));
