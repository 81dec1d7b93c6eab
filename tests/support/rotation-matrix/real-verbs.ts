import { randomBytes } from 'node:crypto';
import { gitlabTokens } from '../../../lib/adapters/gitlab/gitlab-tokens.ts';
import { projectHooks } from '../../../lib/adapters/gitlab/project-hooks.ts';
import { gitlabRotation } from '../../../lib/app/gitlab-rotation.ts';
import { hookRotation } from '../../../lib/app/hook-rotation.ts';
import { rotateSecret } from '../../../lib/app/rotate-secret.ts';
import { tendCredentials } from '../../../lib/app/tend-credentials.ts';
import { task } from '../../../lib/runtime/task.ts';
import { secretNames, type MatrixPorts, type Verbs } from './rotation-world.ts';

const waits = { settle: 65_000, drain: 15_000 }; // ms, as deployed

const ofGitlab = (ports: MatrixPorts) => ({
  ...ports,
  versions: ports.versions.gitlab,
  tokens: gitlabTokens(ports.manager),
  stage: 'test',
  secretName: secretNames.gitlab,
  rotationDays: 30,
  overlap: 3_600_000, // ms
  drain: waits.drain,
});

const rotationsOf = (ports: MatrixPorts) => {
  const { versions, manager } = ports;
  const hooks = { ...ports, versions: versions.hook, hooks: projectHooks(manager), randomBytes, waits };
  return {
    hook: { name: secretNames.hook, versions: versions.hook, rotation: hookRotation(hooks) },
    gitlab: { name: secretNames.gitlab, versions: versions.gitlab, rotation: gitlabRotation(ofGitlab(ports)) },
  };
};

/** As the two functions wire them: the real verbs and GitLab's adapters, and their log lines. */
export const realVerbs: Verbs = {
  rotate: (ports) => task('rotate-secret', rotateSecret({ secrets: rotationsOf(ports) })),
  tend: (ports) => {
    const tend = tendCredentials({ ...ofGitlab(ports), secret: secretNames.gitlab, showDaysLeft: () => undefined });
    return () => task('tend-credentials', tend)({});
  },
};
