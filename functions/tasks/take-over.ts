import { takeOver } from '../../lib/app/take-over.ts';
import { task } from '../../lib/runtime/task.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { workflows } from '../../lib/runtime/wiring/workflows.ts';

/** The lock of a dead execution moves to this one. */
export const handler = task('take-over', takeOver({ journal: journal(), workflows: workflows(), clock }));
