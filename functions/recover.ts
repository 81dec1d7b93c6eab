import { recover } from '../lib/app/recover.ts';
import { task } from '../lib/runtime/task.ts';
import { journal } from '../lib/runtime/wiring/journal.ts';
import { workflows } from '../lib/runtime/wiring/workflows.ts';

const clean = task('recover', recover({ journal: journal(), workflows: workflows() }));

/** EventBridge: an execution of the deploy workflow failed, timed out or was aborted. */
export const handler = (event: { detail: { name: string } }) => clean({ execution: event.detail.name });
