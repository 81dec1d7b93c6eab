import { undo } from '../../lib/app/undo.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { colours } from '../../lib/runtime/wiring/colours.ts';
import { scaling } from '../../lib/runtime/wiring/scaling.ts';

/** Back to what was there, while what we wrote is still in force. */
export const handler = task(
  'undo',
  undo({ ...colours(), scaling: scaling(), announcements: briefAnnouncements(), clock }),
);
