import { gitlabRotation } from '../lib/app/gitlab-rotation.ts';
import { hookRotation } from '../lib/app/hook-rotation.ts';
import { rotateSecret } from '../lib/app/rotate-secret.ts';
import { rotationStep } from '../lib/runtime/rotation-step.ts';
import { gitlabSecret, hookSecret } from '../lib/runtime/wiring/rotations.ts';

const [hook, gitlab] = [hookSecret(), gitlabSecret()];

/** Secrets Manager: one step of the rotation of one secret. */
export const handler = rotationStep((remaining) => {
  const ofHook = { ...hook, rotation: hookRotation(hook) };
  const ofGitlab = { ...gitlab, rotation: gitlabRotation({ ...gitlab, remaining }) };
  return rotateSecret({ secrets: { hook: ofHook, gitlab: ofGitlab } });
});
