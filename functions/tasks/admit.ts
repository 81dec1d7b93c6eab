import { admit } from '../../lib/app/admit.ts';
import { task } from '../../lib/runtime/task.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** Is it this deployment's turn? */
export const handler = task('admit', admit({ journal: journal() }));
