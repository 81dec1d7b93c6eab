import { tendHooks } from '../lib/app/tend-hooks.ts';
import { showHooks as show } from '../lib/runtime/log.ts';
import { task } from '../lib/runtime/task.ts';
import { hookTending } from '../lib/runtime/wiring/hook-tending.ts';
import { readPipelineHook as read } from '../lib/webhooks/read-pipeline-hook.ts';

const portsOfRun = hookTending();

/** Every ten minutes, and on ops' word: hooks that GitLab disabled are brought back, and what they told in vain is sent again. */
export const handler = (_event: object, context: { getRemainingTimeInMillis: () => number }) => {
  const remaining = () => context.getRemainingTimeInMillis();
  return task('tend-hooks', tendHooks({ ...portsOfRun(), read, show, remaining }))(undefined);
};
