import { createHash } from 'node:crypto';
import { commitDate } from '../dates.ts';
import type { Commit, Instance, Project } from '../world.ts';

/** What several payloads and API answers have in common. */

export const user = { id: 17, name: 'Ops Bot', username: 'ops-bot', email: 'ops-bot@example.com' };

export const avatarUrl = `https://www.gravatar.com/avatar/${createHash('md5').update(user.email).digest('hex')}?s=80&d=identicon`;

/** Hooks hide a user's address unless it is public; a commit's author address is never hidden. */
export const hookUser = {
  id: user.id,
  name: user.name,
  username: user.username,
  avatar_url: avatarUrl,
  email: '[REDACTED]',
};

export const hookRunner = {
  id: 5,
  description: 'runner-1.example.com',
  runner_type: 'instance_type',
  active: true,
  is_shared: true,
  tags: ['docker', 'linux'],
};

export const webUrl = (instance: Instance, project: Project): string => `${instance.url}/${project.path}`;

export const nameOf = ({ path }: Project): string => path.slice(path.lastIndexOf('/') + 1);

export const namespaceOf = ({ path }: Project): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const sshUrl = (instance: Instance, project: Project): string =>
  `git@${new URL(instance.url).hostname}:${project.path}.git`;

export const hookProject = (instance: Instance, project: Project) => ({
  id: project.id,
  name: nameOf(project),
  description: null,
  web_url: webUrl(instance, project),
  avatar_url: null,
  git_ssh_url: sshUrl(instance, project),
  git_http_url: `${webUrl(instance, project)}.git`,
  namespace: namespaceOf(project),
  visibility_level: 0,
  path_with_namespace: project.path,
  default_branch: project.defaultBranch,
  ci_config_path: null,
});

/** With the fields that older hooks had: deployment and push hooks still carry them. */
export const hookProjectWithOldFields = (instance: Instance, project: Project) => ({
  ...hookProject(instance, project),
  homepage: webUrl(instance, project),
  url: sshUrl(instance, project),
  ssh_url: sshUrl(instance, project),
  http_url: `${webUrl(instance, project)}.git`,
});

export const commitUrl = (instance: Instance, project: Project, sha: string): string =>
  `${webUrl(instance, project)}/-/commit/${sha}`;

export const hookCommit = (instance: Instance, project: Project, commit: Commit) => ({
  id: commit.sha,
  message: `${commit.title}\n`,
  title: commit.title,
  timestamp: commitDate(commit.at),
  url: commitUrl(instance, project, commit.sha),
  author: { name: user.name, email: user.email },
});
