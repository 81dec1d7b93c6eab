import type { AccessToken } from '../credentials.ts';
import { hookDate } from '../dates.ts';
import type { Instance, Project } from '../world.ts';
import { hookProjectWithOldFields } from './people-and-projects.ts';

/**
 * The body of a Resource Access Token Hook: GitLab's word that one of the project's tokens will soon end.
 * https://docs.gitlab.com/user/project/integrations/webhook_events/#project-and-group-access-token-events
 */
export const buildAccessTokenHook = (instance: Instance, project: Project, token: AccessToken) => ({
  object_kind: 'access_token',
  project: hookProjectWithOldFields(instance, project),
  object_attributes: {
    user_id: token.userId,
    created_at: hookDate(instance, token.createdAt),
    id: token.id,
    name: token.name,
    expires_at: token.expiresAt,
  },
  event_name: 'expiring_access_token',
});
