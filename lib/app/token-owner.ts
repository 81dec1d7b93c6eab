import { DeployFailure } from '../domain/failure.ts';
import type { TokenOwner } from '../domain/gitlab-token.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import { ownerOf } from '../domain/token-wish.ts';

/** Whose tokens the manager makes and revokes. Raises Misconfigured when the secret does not say it. */
export const tokenOwner = (document: GitlabDocument): TokenOwner => {
  const owner = ownerOf(document);
  if (owner === undefined)
    throw new DeployFailure(
      'Misconfigured',
      'gitlab_project_id or gitlab_group_id must be the number of one in GitLab',
    );
  return owner;
};
