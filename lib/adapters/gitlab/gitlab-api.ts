import type { Gitlab } from '../../ports/gitlab.ts';
import type { CredentialSource } from '../../ports/vault.ts';
import { gitlabCall } from './gitlab-call.ts';
import { gitlabFacts } from './gitlab-facts.ts';
import { tagProtected } from './tag-rules.ts';

/** GitLab's REST API v4, and one question to GraphQL. */
export const gitlabApi = (credentials: CredentialSource): Gitlab => {
  const ask = gitlabCall(credentials);
  return { ...gitlabFacts(ask), imageTagProtected: (project, tag) => tagProtected(ask, project, tag) };
};
