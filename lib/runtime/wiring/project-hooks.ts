import { projectHooks as projectHooksOf } from '../../adapters/gitlab/project-hooks.ts';
import type { ProjectHooks } from '../../ports/project-hooks.ts';
import { manager } from './manager.ts';

export const projectHooks = (from = manager()): ProjectHooks => projectHooksOf(from);
