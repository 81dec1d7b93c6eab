import { watch } from '../../lib/app/watch.ts';
import { task } from '../../lib/runtime/task.ts';
import { alarms } from '../../lib/runtime/wiring/alarms.ts';
import { colours } from '../../lib/runtime/wiring/colours.ts';

/** One look at a step, or at the bake. */
export const handler = task('watch', watch({ ...colours(), alarms: alarms() }));
