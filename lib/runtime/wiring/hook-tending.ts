import type { TendHooksPorts } from '../../app/tend-hooks.ts';
import { setting } from '../config.ts';
import { clock } from './clock.ts';
import { hookJournal } from './hook-journal.ts';
import { hookLog } from './hook-log.ts';
import { journal } from './journal.ts';
import { projectHooks } from './project-hooks.ts';
import { targets } from './targets.ts';

/** What tending hooks needs beside the letterbox, the time that an invocation has left, and where it shows what it finds. */
export const hookTending = (): Omit<TendHooksPorts, 'read' | 'remaining' | 'show'> => ({
  hooks: projectHooks(),
  log: hookLog(),
  hookJournal: hookJournal(),
  journal: journal(),
  targets: targets(),
  clock,
  hookUrl: setting('HOOK_URL'),
});
