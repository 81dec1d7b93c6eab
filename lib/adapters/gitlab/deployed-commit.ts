import * as z from 'zod/mini';
import type { DeployedCommit } from '../../domain/feedback.ts';
import { asked, type Tell } from './telling-call.ts';

const commit = z.object({ id: z.string(), last_pipeline: z.nullish(z.object({ ref: z.string() })) });
const project = z.object({ default_branch: z.nullish(z.string()) });

/** A merge request's pipeline is on no branch or tag. */
const isRef = (ref: string | undefined): ref is string => ref !== undefined && !ref.startsWith('refs/');

/** A commit of the project, on its latest pipeline's branch or tag, else on the default branch; undefined: GitLab shows none such. */
export const commitAt = async (tell: Tell, id: number, sha: string): Promise<DeployedCommit | undefined> => {
  const path = `/api/v4/projects/${id}`;
  const about = `a commit of project ${id}`;
  const found = await asked(tell, { method: 'GET', path: `${path}/repository/commits/${sha}`, about }, commit);
  if (found.state === 'refused' || found.value.id !== sha) return undefined;
  const ref = found.value.last_pipeline?.ref;
  // Whether it is a tag GitLab does not say here.
  if (isRef(ref)) return { sha, ref, tag: false };
  const told = await asked(tell, { method: 'GET', path, about: `project ${id}` }, project);
  const branch = told.state === 'done' ? told.value.default_branch : undefined;
  return typeof branch === 'string' ? { sha, ref: branch, tag: false } : undefined;
};
