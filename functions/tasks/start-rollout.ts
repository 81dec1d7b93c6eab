import { startRollout } from '../../lib/app/start-rollout.ts';
import { lookInterval } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { fleet } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

const ports = { fleet: fleet(), journal: journal(), interval: lookInterval(), announcements: briefAnnouncements() };
/** UpdateService, once. */
export const handler = task('start-rollout', startRollout({ ...ports, clock }));
