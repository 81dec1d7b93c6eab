import { retire } from '../../lib/app/retire.ts';
import { task } from '../../lib/runtime/task.ts';
import { colours } from '../../lib/runtime/wiring/colours.ts';
import { scaling } from '../../lib/runtime/wiring/scaling.ts';

/** The old colour is taken out of use. */
export const handler = task('retire', retire({ ...colours(), scaling: scaling() }));
