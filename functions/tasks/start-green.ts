import { startGreen } from '../../lib/app/start-green.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { scaling } from '../../lib/runtime/wiring/scaling.ts';
import { copies } from '../../lib/runtime/wiring/service-copies.ts';

const ports = { fleet: fleet(), copies: copies(), scaling: scaling(), journal: journal(), interval: lookInterval() };
/** Green gets as many tasks as live, of the new revision. */
export const handler = task('start-green', startGreen({ ...ports, announcements: briefAnnouncements(), clock }));
