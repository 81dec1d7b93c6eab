import { hookLog as hookLogOf } from '../../adapters/gitlab/hook-log.ts';
import type { HookLog } from '../../ports/hook-log.ts';
import { manager } from './manager.ts';

export const hookLog = (): HookLog => hookLogOf(manager());
