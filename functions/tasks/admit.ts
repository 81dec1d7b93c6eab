import { admit } from '../../lib/app/admit.ts';
import { task } from '../../lib/runtime/task.ts';
import { briefAnnouncements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';
import { workflows } from '../../lib/runtime/wiring/workflows.ts';

/** Is it this deployment's turn? */
export const handler = task(
  'admit',
  admit({ journal: journal(), workflows: workflows(), announcements: briefAnnouncements(), clock }),
);
