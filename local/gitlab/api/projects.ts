import { apiDate } from '../dates.ts';
import { nameOf, namespaceOf, sshUrl, webUrl } from '../payloads/people-and-projects.ts';
import type { GitlabWorld, Instance, Project } from '../world.ts';
import { projectOf, type ApiHandler } from './call.ts';

const view = (instance: Instance, project: Project) => ({
  id: project.id,
  description: null,
  name: nameOf(project),
  name_with_namespace: `${namespaceOf(project)} / ${nameOf(project)}`,
  path: nameOf(project),
  path_with_namespace: project.path,
  created_at: apiDate(project.createdAt),
  default_branch: project.defaultBranch,
  tag_list: [],
  topics: [],
  ssh_url_to_repo: sshUrl(instance, project),
  http_url_to_repo: `${webUrl(instance, project)}.git`,
  web_url: webUrl(instance, project),
  readme_url: `${webUrl(instance, project)}/-/blob/${project.defaultBranch}/README.md`,
  forks_count: 0,
  avatar_url: null,
  star_count: 0,
  last_activity_at: apiDate(project.createdAt),
  visibility: 'private',
  namespace: {
    id: 900,
    name: namespaceOf(project),
    path: namespaceOf(project),
    kind: 'group',
    full_path: namespaceOf(project),
    parent_id: null,
    avatar_url: null,
    web_url: `${instance.url}/groups/${namespaceOf(project)}`,
  },
  container_registry_image_prefix: `${instance.registryHost}/${project.path.toLowerCase()}`,
  archived: false,
  jobs_enabled: true,
  container_registry_enabled: true,
  shared_runners_enabled: true,
  ci_config_path: null,
  public_jobs: false,
  permissions: { project_access: { access_level: 40, notification_level: 3 }, group_access: null },
});

export const getVersion =
  (world: GitlabWorld): ApiHandler =>
  () => ({ status: 200, body: { version: world.instance.version, revision: 'b3ba6e5b0bf' } });

export const getProject =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: view(world.instance, projectOf(world, call)) });
