import * as z from 'zod/mini';
import { wholeSeconds } from '../../domain/gitlab-date.ts';
import type { Answer, Gitlab } from '../../ports/gitlab.ts';
import type { GitlabCredentials } from '../../ports/vault.ts';
import { coversTag } from './tag-rules.ts';

const limit = 5_000; // milliseconds for one answer; a task has 30 seconds for two or three

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

// A rule without levels is one that makes tags immutable; either kind keeps others from putting their image there.
const tagRulesAnswer = z.array(z.object({ tag_name_pattern: z.string() }));

const finish = (date: string | null | undefined): { finishedAt?: string } => {
  const finishedAt = wholeSeconds(date);
  return finishedAt === undefined ? {} : { finishedAt };
};

const unavailable = (because: string): { state: 'unavailable'; because: string } => ({ state: 'unavailable', because });

/** GitLab's REST API v4. Redirects are not followed: the token would go with them. */
export const gitlabApi = (credentials: () => Promise<Pick<GitlabCredentials, 'url' | 'token'>>): Gitlab => {
  const get = async <T extends z.ZodMiniType>(
    path: string,
    schema: T,
    missing: readonly number[] = [404],
  ): Promise<Answer<z.output<T>>> => {
    const { url, token } = await credentials();
    try {
      const response = await fetch(`${url}/api/v4${path}`, {
        headers: { 'PRIVATE-TOKEN': token },
        redirect: 'error',
        signal: AbortSignal.timeout(limit),
      });
      if (missing.includes(response.status)) return { state: 'missing' };
      if (!response.ok) return unavailable(`GitLab answered ${response.status}`);
      const read = schema.safeParse(await response.json());
      return read.success ? { state: 'found', value: read.data } : unavailable('GitLab answered in another shape');
    } catch {
      // fetch's own message names the host and the way there
      return unavailable('GitLab did not answer');
    }
  };

  return {
    pipeline: async (project, id) => {
      const answer = await get(`/projects/${project}/pipelines/${id}`, pipelineAnswer);
      if (answer.state !== 'found') return answer;
      const { sha, ref, tag, status, source, finished_at } = answer.value;
      // A merge request's pipeline is on refs/merge-requests/N/head, -/merge or -/train.
      const mergeRequest = source === 'merge_request_event' || ref.startsWith('refs/merge-requests/');
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
    imageTagProtected: async (project, tag) => {
      // 403: shown to Maintainers only
      const answer = await get(`/projects/${project}/registry/protection/tag/rules`, tagRulesAnswer, [403, 404]);
      if (answer.state !== 'found') return answer;
      const patterns = answer.value.map(({ tag_name_pattern }) => tag_name_pattern);
      return { state: 'found', value: patterns.some((pattern) => coversTag(pattern, tag)) };
    },
  };
};
