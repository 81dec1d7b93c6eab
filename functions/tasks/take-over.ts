import { takeOver } from '../../lib/app/take-over.ts';
import { task } from '../../lib/runtime/task.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** The lock of a dead execution moves to this one. */
export const handler = task('take-over', takeOver({ journal: journal() }));
