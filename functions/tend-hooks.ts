import { tendHooks } from '../lib/app/tend-hooks.ts';
import { showHooks } from '../lib/runtime/log.ts';
import { task } from '../lib/runtime/task.ts';
import { hookTending } from '../lib/runtime/wiring/hook-tending.ts';
import { readPipelineHook } from '../lib/webhooks/read-pipeline-hook.ts';

const ports = { ...hookTending(), read: readPipelineHook, show: showHooks };

/** Every ten minutes, and on ops' word: hooks that GitLab disabled are brought back, and what they told in vain is sent again. */
export const handler = (_event: object, context: { getRemainingTimeInMillis: () => number }) =>
  task('tend-hooks', tendHooks({ ...ports, remaining: () => context.getRemainingTimeInMillis() }))(undefined);
