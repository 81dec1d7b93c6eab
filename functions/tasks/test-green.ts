import { testGreen } from '../../lib/app/test-green.ts';
import { task } from '../../lib/runtime/task.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { probe } from '../../lib/runtime/wiring/probe.ts';
import { traffic } from '../../lib/runtime/wiring/traffic.ts';

/** Green is asked before users see it. */
export const handler = task('test-green', testGreen({ traffic: traffic(), probe: probe(), journal: journal() }));
