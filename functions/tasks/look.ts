import { look } from '../../lib/app/look.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { unwired } from '../../lib/runtime/wiring/unwired.ts';
import { workflows } from '../../lib/runtime/wiring/workflows.ts';

/** Can it work, and where is the way back? */
export const handler = task(
  'look',
  look({ fleet: fleet(), journal: journal(), workflows: workflows(), interval: lookInterval(), ...unwired }),
);
