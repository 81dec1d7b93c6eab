import { look } from '../../lib/app/look.ts';
import { task } from '../../lib/runtime/task.ts';
import { alarms } from '../../lib/runtime/wiring/alarms.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { colours } from '../../lib/runtime/wiring/colours.ts';
import { scaling } from '../../lib/runtime/wiring/scaling.ts';
import { copies } from '../../lib/runtime/wiring/service-copies.ts';
import { workflows } from '../../lib/runtime/wiring/workflows.ts';

const ports = { ...colours(), scaling: scaling(), alarms: alarms(), copies: copies(), workflows: workflows(), clock };
/** Can it work, and where is the way back? */
export const handler = task('look', look(ports));
