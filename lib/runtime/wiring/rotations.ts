import { randomBytes } from 'node:crypto';
import type { GitlabRotationPorts } from '../../app/gitlab-rotation.ts';
import type { HookRotationPorts } from '../../app/hook-rotation.ts';
import type { TendPorts } from '../../app/tend-credentials.ts';
import { rotationOverlap, rotationWaits, setting } from '../config.ts';
import { clock } from './clock.ts';
import { gitlabTokens } from './gitlab-tokens.ts';
import { manager } from './manager.ts';
import { pause } from './pause.ts';
import { projectHooks } from './project-hooks.ts';
import { rotationJournal } from './rotation-journal.ts';
import { rotationStart } from './rotation-start.ts';
import { gitlabVersions, hookVersions } from './secret-versions.ts';
import { targets } from './targets.ts';

/** The hook secret, and what its rotation needs. */
export const hookSecret = (): HookRotationPorts & { name: string } => ({
  name: setting('HOOK_SECRET'),
  versions: hookVersions(),
  hooks: projectHooks(),
  targets: targets(),
  manager: manager(),
  journal: rotationJournal('hook'),
  clock,
  pause,
  randomBytes,
  hookUrl: setting('HOOK_URL'),
  waits: rotationWaits(),
});

/** What all need that deal with GitLab's tokens. */
const tokenPorts = () => ({
  versions: gitlabVersions(),
  tokens: gitlabTokens(),
  manager: manager(),
  journal: rotationJournal('gitlab'),
  clock,
  stage: setting('STAGE'),
  secretName: setting('GITLAB_SECRET'),
  overlap: rotationOverlap(),
});

/** The GitLab secret, and what its rotation needs beside the time that an invocation has left. */
export const gitlabSecret = (): Omit<GitlabRotationPorts, 'remaining'> & { name: string } => ({
  name: setting('GITLAB_SECRET'),
  ...tokenPorts(),
  targets: targets(),
  pause,
  drain: rotationWaits().drain,
  rotationDays: setting('ROTATION_DAYS'),
});

/** What tending needs beside where it shows the days left. */
export const tendPorts = (): Omit<TendPorts, 'showDaysLeft'> => ({
  ...tokenPorts(),
  start: rotationStart(),
  secret: setting('GITLAB_SECRET'),
});
