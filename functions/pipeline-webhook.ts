import { startDeployments } from '../lib/app/start-deployments.ts';
import { webhook } from '../lib/runtime/webhook.ts';
import { clock } from '../lib/runtime/wiring/clock.ts';
import { hookSecrets } from '../lib/runtime/wiring/hook-secrets.ts';
import { targets } from '../lib/runtime/wiring/targets.ts';
import { workflows } from '../lib/runtime/wiring/workflows.ts';
import { readPipelineHook } from '../lib/webhooks/read-pipeline-hook.ts';
import { gitlabHook } from '../lib/webhooks/verify-gitlab-hook.ts';

const verify = gitlabHook(hookSecrets(), clock);
const act = startDeployments({ targets: targets(), workflows: workflows() });

/** POST /webhooks/pipeline: GitLab says a pipeline or job changed. 202: deployments began. 200: nothing to do. */
export const handler = webhook({ name: 'pipeline-webhook', verify, read: readPipelineHook, act });
