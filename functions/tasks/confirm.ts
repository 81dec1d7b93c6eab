import { confirm } from '../../lib/app/confirm.ts';
import { stackBounds } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { gitlab } from '../../lib/runtime/wiring/gitlab.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { registryAskedOnce } from '../../lib/runtime/wiring/registry.ts';
import { targets } from '../../lib/runtime/wiring/targets.ts';

const outside = { gitlab: gitlab(), registry: registryAskedOnce() };
const ports = { ...outside, targets: targets(), journal: journal(), bounds: stackBounds(), clock };

/** Is it so? GitLab itself is asked, and its registry for an image. */
export const handler = task('confirm', confirm(ports));
