import { recordSuccess } from '../../lib/app/record-success.ts';
import { task } from '../../lib/runtime/task.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** From here on nothing is undone. */
export const handler = task('record-success', recordSuccess({ journal: journal(), clock }));
