import { recover } from '../lib/app/recover.ts';
import { count } from '../lib/runtime/log.ts';
import { task } from '../lib/runtime/task.ts';
import { journal } from '../lib/runtime/wiring/journal.ts';
import { workflows } from '../lib/runtime/wiring/workflows.ts';

const clean = task('recover', recover({ journal: journal(), workflows: workflows() }));

/** EventBridge: an execution of the deploy workflow failed, timed out or was aborted. A dead recovery is counted for its alarm. */
export const handler = async (event: { detail: { name: string } }) => {
  const { result } = await clean({ execution: event.detail.name });
  if (result === 'recovery died' || result === 'given up') count('RecoveryDied');
};
