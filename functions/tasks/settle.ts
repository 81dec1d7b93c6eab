import { settle } from '../../lib/app/settle.ts';
import { measureEnd } from '../../lib/runtime/log.ts';
import { task } from '../../lib/runtime/task.ts';
import { announcements } from '../../lib/runtime/wiring/announcements.ts';
import { clock } from '../../lib/runtime/wiring/clock.ts';
import { journal } from '../../lib/runtime/wiring/journal.ts';

const end = task('settle', settle({ journal: journal(), announcements: announcements(), clock }));
/** The end: journalled, the lock freed, announced. What came of it is measured, and what a person must look at counted for its alarm. */
export const handler = async (input: Parameters<typeof end>[0]) => {
  const ended = await end(input);
  measureEnd(ended);
  return ended;
};
