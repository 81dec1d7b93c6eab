import type { TendHooksPorts } from '../../app/tend-hooks.ts';
import { setting } from '../config.ts';
import { keptManager } from '../kept-manager.ts';
import { clock } from './clock.ts';
import { hookJournal } from './hook-journal.ts';
import { hookLog } from './hook-log.ts';
import { journal } from './journal.ts';
import { manager } from './manager.ts';
import { projectHooks } from './project-hooks.ts';
import { targets } from './targets.ts';

type Wired = Omit<TendHooksPorts, 'read' | 'remaining' | 'show'>;

/** For each run what it needs beside the letterbox, the time that it has left, and where it shows what it finds. */
export const hookTending = (): (() => Wired) => {
  const hookUrl = setting('HOOK_URL');
  const always = { hookJournal: hookJournal(), journal: journal(), targets: targets(), clock, hookUrl };
  const source = manager();
  return () => {
    const kept = keptManager(source);
    return { ...always, hooks: projectHooks(kept), log: hookLog(kept) };
  };
};
