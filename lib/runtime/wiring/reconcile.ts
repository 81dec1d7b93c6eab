import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../adapters/aws/secrets-manager-gitlab-credentials.ts';
import { gitlabCall } from '../../adapters/gitlab/gitlab-call.ts';
import { gitlabFacts } from '../../adapters/gitlab/gitlab-facts.ts';
import { gitlabLists } from '../../adapters/gitlab/gitlab-lists.ts';
import { gitlabRegistry } from '../../adapters/registry/gitlab-registry.ts';
import { usualPace } from '../../adapters/registry/pace.ts';
import type { ReconcilePorts } from '../../app/reconcile.ts';
import { isLocal, setting } from '../config.ts';
import { keptCredentials } from '../kept-credentials.ts';
import { clientOptions } from './client-options.ts';
import { clock } from './clock.ts';
import { journal } from './journal.ts';
import { pause } from './pause.ts';
import { reconcileCursor } from './reconcile-cursor.ts';
import { targets } from './targets.ts';
import { workflows } from './workflows.ts';

/** GitLab and its registry, entered with credentials that are read once for many questions. */
const outside = (): Pick<ReconcilePorts, 'gitlab' | 'registry'> => {
  const secret = { id: setting('GITLAB_SECRET'), plainLoopback: isLocal() };
  const source = secretsManagerGitlabCredentials(new SecretsManagerClient(clientOptions()), secret);
  const credentials = keptCredentials(source, () => Date.now());
  const { pipeline } = gitlabFacts(gitlabCall(credentials));
  const options = { local: isLocal(), privateHosts: setting('PRIVATE_HOSTS'), pace: usualPace };
  return { gitlab: { ...gitlabLists(credentials), pipeline }, registry: gitlabRegistry(credentials, options) };
};

/** What reconciling needs beside an invocation's own. */
export const reconcilePorts = (): Omit<ReconcilePorts, 'remaining' | 'told'> => ({
  ...outside(),
  targets: targets(),
  journal: journal(),
  workflows: workflows(),
  cursor: reconcileCursor(),
  clock,
  pause,
});
