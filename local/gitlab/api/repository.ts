import { commitDate } from '../dates.ts';
import { commitUrl, user, webUrl } from '../payloads/people-and-projects.ts';
import { findCommit, isProtected } from '../repository.ts';
import type { Commit, GitlabWorld, Instance, Project, Protection } from '../world.ts';
import { notFound, param, projectOf, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { basicPipeline } from './pipelines.ts';

export const commitView = (instance: Instance, project: Project, commit: Commit) => ({
  id: commit.sha,
  short_id: commit.sha.slice(0, 8),
  created_at: commitDate(commit.at),
  parent_ids: [commit.parent],
  title: commit.title,
  message: `${commit.title}\n`,
  author_name: user.name,
  author_email: user.email,
  authored_date: commitDate(commit.at),
  committer_name: user.name,
  committer_email: user.email,
  committed_date: commitDate(commit.at),
  trailers: {},
  extended_trailers: {},
  web_url: commitUrl(instance, project, commit.sha),
});

const headOf = (project: Project, sha: string | undefined, what: string): Commit => {
  const commit = sha === undefined ? undefined : project.commits.get(sha);
  if (commit === undefined) throw notFound(what);
  return commit;
};

export const getBranch =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = projectOf(world, call);
    const name = param(call, 'branch');
    const commit = headOf(project, project.branches.get(name), 'Branch');
    const body = {
      name,
      commit: commitView(world.instance, project, commit),
      merged: false,
      protected: isProtected(project, name, false),
      developers_can_push: false,
      developers_can_merge: false,
      can_push: true,
      default: name === project.defaultBranch,
      web_url: `${webUrl(world.instance, project)}/-/tree/${name}`,
    };
    return { status: 200, body };
  };

export const getTag =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = projectOf(world, call);
    const name = param(call, 'tag_name');
    const commit = headOf(project, project.tags.get(name), 'Tag');
    const body = {
      name,
      message: null,
      target: commit.sha,
      commit: commitView(world.instance, project, commit),
      release: null,
      protected: isProtected(project, name, true),
      created_at: null,
    };
    return { status: 200, body };
  };

export const getCommit =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const project = projectOf(world, call);
    const commit = findCommit(project, param(call, 'sha'));
    if (commit === undefined) throw notFound('Commit');
    const latest = project.pipelines.findLast(({ sha }) => sha === commit.sha);
    const view = commitView(world.instance, project, commit);
    const last_pipeline = latest === undefined ? null : basicPipeline(world.instance, latest);
    const more = { status: latest?.status ?? null, project_id: project.id, last_pipeline };
    return { status: 200, body: { ...view, ...more } };
  };

const maintainers = (id: number) => [{ id, access_level: 40, access_level_description: 'Maintainers' }];

const protectedBranch = ({ id, name }: Protection) => ({
  id,
  name,
  push_access_levels: maintainers(id),
  merge_access_levels: maintainers(id),
  allow_force_push: false,
  code_owner_approval_required: false,
});

const protectedTag = ({ id, name }: Protection) => ({ name, create_access_levels: maintainers(id) });

export const listProtectedBranches =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, projectOf(world, call).protectedBranches, protectedBranch);

export const listProtectedTags =
  (world: GitlabWorld): ApiHandler =>
  (call) =>
    paged(call, projectOf(world, call).protectedTags, protectedTag);
