import { startPushedImages } from '../lib/app/start-pushed-images.ts';
import { webhook } from '../lib/runtime/webhook.ts';
import { hookSecrets } from '../lib/runtime/wiring/hook-secrets.ts';
import { repositoryIndex } from '../lib/runtime/wiring/repository-index.ts';
import { targets } from '../lib/runtime/wiring/targets.ts';
import { workflows } from '../lib/runtime/wiring/workflows.ts';
import { readRegistryHook } from '../lib/webhooks/read-registry-hook.ts';
import { registryHook } from '../lib/webhooks/verify-registry-hook.ts';

const verify = registryHook(hookSecrets());
const act = startPushedImages({ index: repositoryIndex(), targets: targets(), workflows: workflows() });

/** POST /webhooks/registry: images were pushed to GitLab's registry. 202: deployments began. 200: nothing to do. */
export const handler = webhook({ name: 'registry-webhook', verify, read: readRegistryHook, act });
