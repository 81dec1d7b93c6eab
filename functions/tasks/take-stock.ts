import { takeStock } from '../../lib/app/take-stock.ts';
import { task } from '../../lib/runtime/task.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** What did the dead execution leave? */
export const handler = task('take-stock', takeStock({ fleet: fleet(), journal: journal() }));
