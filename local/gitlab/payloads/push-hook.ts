import { isProtected, zeroSha } from '../repository.ts';
import type { Commit, Instance, Project } from '../world.ts';
import { avatarUrl, hookCommit, hookProjectWithOldFields, user } from './people-and-projects.ts';

export interface PushedRef {
  ref: string;
  tag: boolean;
  commit: Commit;
}

/**
 * The body of a Push Hook or Tag Push Hook: a hook created without `push_events: false` gets it.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events
 */
export const buildPushHook = (instance: Instance, project: Project, { ref, tag, commit }: PushedRef) => ({
  object_kind: tag ? 'tag_push' : 'push',
  event_name: tag ? 'tag_push' : 'push',
  before: tag ? zeroSha : commit.parent,
  after: commit.sha,
  ref: `refs/${tag ? 'tags' : 'heads'}/${ref}`,
  ref_protected: isProtected(project, ref, tag),
  checkout_sha: commit.sha,
  message: null,
  user_id: user.id,
  user_name: user.name,
  user_username: user.username,
  user_email: null,
  user_avatar: avatarUrl,
  project_id: project.id,
  project: hookProjectWithOldFields(instance, project),
  commits: [{ ...hookCommit(instance, project, commit), added: [], modified: ['README.md'], removed: [] }],
  total_commits_count: 1,
  push_options: {},
});
