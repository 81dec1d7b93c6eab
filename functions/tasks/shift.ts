import { shift } from '../../lib/app/shift.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { traffic } from '../../lib/runtime/wiring/traffic.ts';

const ports = { traffic: traffic(), journal: journal(), interval: lookInterval(), announcements: briefAnnouncements() };
/** One step's weights, written once. */
export const handler = task('shift', shift({ ...ports, clock }));
