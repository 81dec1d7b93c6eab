import { RotationFailure } from '../domain/failure.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { Targets } from '../ports/targets.ts';

export interface ProvePorts {
  tokens: Pick<GitlabTokens, 'self' | 'sees' | 'logsIn'>;
  targets: Pick<Targets, 'all'>;
}

const notProven = (because: string): RotationFailure => new RotationFailure('NotProven', because);

/** Whether registry_password is of a deploy token that Drawbridge made, and the registry takes it no more. */
export const isDeployTokenDead = async (
  { tokens }: { tokens: Pick<GitlabTokens, 'logsIn'> },
  { registry_token_id: id, registry_username: user, registry_password: password }: GitlabDocument,
): Promise<boolean> =>
  id !== undefined && user !== undefined && password !== undefined && !(await tokens.logsIn(user, password));

/** Raises NotProven when GitLab takes gitlab_token, or the deploy token that Drawbridge made, no more. */
export const proveAlive = async (ports: Pick<ProvePorts, 'tokens'>, document: GitlabDocument): Promise<void> => {
  if ((await ports.tokens.self(document.gitlab_token)) === undefined)
    throw notProven('GitLab does not take this gitlab_token');
  if (await isDeployTokenDead(ports, document))
    throw notProven("the registry's login does not take this registry_password");
};

const unseen = async ({ tokens }: ProvePorts, token: string, projects: readonly number[]): Promise<number[]> => {
  const hidden: number[] = [];
  for (const project of projects) if (!(await tokens.sees(token, project))) hidden.push(project);
  return hidden;
};

/** Raises OutOfReach when there are projects with targets that the token in use sees and the new one does not. */
export const proveReach = async (ports: ProvePorts, document: GitlabDocument, inUse: GitlabDocument): Promise<void> => {
  const projects = (await ports.targets.all()).map(({ project }) => project);
  const hidden = await unseen(ports, document.gitlab_token, projects);
  // A dead token, as self/rotate leaves it, sees nothing: there is nothing to be compared with.
  if (hidden.length === 0 || (await ports.tokens.self(inUse.gitlab_token)) === undefined) return;
  const hiddenFromBoth = await unseen(ports, inUse.gitlab_token, hidden);
  const lost = hidden.filter((project) => !hiddenFromBoth.includes(project));
  if (lost.length > 0)
    throw new RotationFailure('OutOfReach', 'the new gitlab_token does not see all projects that have targets', {
      facts: { projects: lost.map(String) },
    });
};
