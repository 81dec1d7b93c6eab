import { register } from '../../lib/app/register.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { fleetTriedOnce } from '../../lib/runtime/wiring/fleet.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

/** The new revision: a clone of the live one with the image by digest. */
export const handler = task(
  'register',
  register({ fleet: fleetTriedOnce(), journal: journal(), announcements: briefAnnouncements(), clock }),
);
