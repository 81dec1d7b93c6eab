import * as z from 'zod/mini';
import type { Gitlab } from '../../ports/gitlab.ts';
import { finish, ofMergeRequest } from './facts.ts';
import type { Ask } from './gitlab-call.ts';

const pipelineAnswer = z.object({
  id: z.int(),
  project_id: z.int(),
  sha: z.string(),
  ref: z.string(),
  tag: z.boolean(),
  status: z.string(),
  source: z.string(),
  finished_at: z.nullish(z.string()),
});

const jobAnswer = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  ref: z.string(),
  tag: z.boolean(),
  finished_at: z.nullish(z.string()),
  pipeline: z.object({ id: z.int(), project_id: z.int() }),
});

const refAnswer = z.object({ protected: z.boolean() });

const projectAnswer = z.object({ path_with_namespace: z.string() });

/** What GitLab's REST API v4 knows of pipelines, jobs, refs and projects. */
export const gitlabFacts = (ask: Ask): Omit<Gitlab, 'imageTagProtected'> => {
  const get = <T extends z.ZodMiniType>(path: string, schema: T) => ask({ path: `/v4${path}` }, schema);

  return {
    pipeline: async (project, id) => {
      const answer = await get(`/projects/${project}/pipelines/${id}`, pipelineAnswer);
      if (answer.state !== 'found') return answer;
      const { sha, ref, tag, status, source, finished_at } = answer.value;
      const mergeRequest = ofMergeRequest({ source, ref });
      const facts = { project: answer.value.project_id, pipeline: answer.value.id, sha, ref, tag, status, source };
      return { state: 'found', value: { ...facts, mergeRequest, ...finish(finished_at) } };
    },
    job: async (project, id) => {
      const answer = await get(`/projects/${project}/jobs/${id}`, jobAnswer);
      if (answer.state !== 'found') return answer;
      const { name, status, ref, tag, finished_at, pipeline } = answer.value;
      const facts = {
        project: pipeline.project_id,
        pipeline: pipeline.id,
        job: answer.value.id,
        name,
        status,
        ref,
        tag,
      };
      return { state: 'found', value: { ...facts, ...finish(finished_at) } };
    },
    refProtected: async (project, { name, tag }) => {
      const path = `/projects/${project}/repository/${tag ? 'tags' : 'branches'}/${encodeURIComponent(name)}`;
      const answer = await get(path, refAnswer);
      return answer.state === 'found' ? { state: 'found', value: answer.value.protected } : answer;
    },
    projectPath: async (project) => {
      const answer = await get(`/projects/${project}`, projectAnswer);
      return answer.state === 'found' ? { state: 'found', value: answer.value.path_with_namespace } : answer;
    },
  };
};
