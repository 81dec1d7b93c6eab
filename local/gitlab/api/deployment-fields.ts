import type { Commit, Project } from '../world.ts';
import { findCommit } from '../repository.ts';
import { ApiError, type ApiCall } from './call.ts';

const statuses = ['running', 'success', 'failed', 'canceled'];

/** A field that must be there, as Grape checks it. */
const required = ({ body }: ApiCall, name: string): string => {
  const value = body[name];
  if (value === undefined || value === null) throw new ApiError(400, { error: `${name} is missing` });
  return typeof value === 'string' ? value : JSON.stringify(value);
};

export const statusField = (call: ApiCall): string => {
  const status = required(call, 'status');
  if (!statuses.includes(status)) throw new ApiError(400, { error: 'status does not have a valid value' });
  return status;
};

const flagField = (call: ApiCall, name: string): boolean => {
  const text = required(call, name);
  if (text !== 'true' && text !== 'false') throw new ApiError(400, { error: `${name} is invalid` });
  return text === 'true';
};

/** https://docs.gitlab.com/ci/yaml/#environmentname */
const environmentField = (call: ApiCall): string => {
  const name = required(call, 'environment');
  if (/^[\w${}/. -]{1,255}$/.test(name) && !/^\/|\/$/.test(name)) return name;
  throw new ApiError(400, { message: { environment: ['is invalid'] } });
};

const commitField = (project: Project, call: ApiCall): Commit => {
  const commit = findCommit(project, required(call, 'sha'));
  if (commit === undefined) throw new ApiError(400, { message: { sha: ['The commit does not exist'] } });
  return commit;
};

const refField = (project: Project, call: ApiCall): string => {
  const ref = required(call, 'ref');
  if (project.branches.has(ref) || project.tags.has(ref)) return ref;
  throw new ApiError(400, { message: { ref: ['The branch or tag does not exist'] } });
};

/** What a new deployment must say. Raises ApiError 400 for the first field that is wrong. */
export const deploymentFields = (project: Project, call: ApiCall) => {
  for (const name of ['environment', 'sha', 'ref', 'tag', 'status']) required(call, name);
  return {
    ...{ status: statusField(call), tag: flagField(call, 'tag'), environment: environmentField(call) },
    ...{ commit: commitField(project, call), ref: refField(project, call) },
  };
};
