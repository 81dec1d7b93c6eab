import { apiDate } from '../dates.ts';
import { findCommit } from '../repository.ts';
import type { CommitComment, GitlabWorld } from '../world.ts';
import { ApiError, notFound, param, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { apiUser } from './user.ts';

/** https://docs.gitlab.com/api/commits/#create-a-commit-comment */

const placeOf = (world: GitlabWorld, call: ApiCall) => {
  const project = projectOf(world, call);
  const commit = findCommit(project, param(call, 'sha'));
  if (commit === undefined) throw notFound('Commit');
  return { project, commit };
};

export const createCommitComment =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const { project, commit } = placeOf(world, call);
    const { note } = call.body;
    if (typeof note !== 'string') throw new ApiError(400, { error: 'note is missing' });
    const comment: CommitComment = { sha: commit.sha, note, at: world.clock.now() };
    project.comments.push(comment);
    return { status: 201, body: viewOf(world, comment) };
  };

const viewOf = ({ instance }: GitlabWorld, { note, at }: CommitComment) => ({
  note,
  path: null,
  line: null,
  line_type: null,
  author: apiUser(instance),
  created_at: apiDate(at),
});

export const listCommitComments =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    const { project, commit } = placeOf(world, call);
    const found = project.comments.filter(({ sha }) => sha === commit.sha);
    return paged(call, found, (comment) => viewOf(world, comment));
  };
