import { checkGreen } from '../../lib/app/check-green.ts';
import { task } from '../../lib/runtime/task.ts';
import { colours } from '../../lib/runtime/wiring/colours.ts';
import { diagnosis } from '../../lib/runtime/wiring/diagnosis.ts';

/** One look at green. */
export const handler = task('check-green', checkGreen({ ...colours(), diagnosis: diagnosis() }));
