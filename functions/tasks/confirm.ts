import { confirm } from '../../lib/app/confirm.ts';
import { stackBounds } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { gitlab } from '../../lib/runtime/wiring/gitlab.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { targets } from '../../lib/runtime/wiring/targets.ts';

/** Is it so? GitLab itself is asked. */
export const handler = task(
  'confirm',
  confirm({ targets: targets(), gitlab: gitlab(), journal: journal(), bounds: stackBounds(), clock }),
);
