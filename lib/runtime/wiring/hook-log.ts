import { hookLog as hookLogOf } from '../../adapters/gitlab/hook-log.ts';
import type { HookLog } from '../../ports/hook-log.ts';
import type { ManagerSource } from '../../ports/vault.ts';

export const hookLog = (from: ManagerSource): HookLog => hookLogOf(from);
