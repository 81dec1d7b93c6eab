import * as z from 'zod/mini';
import { wholeSeconds } from '../../domain/gitlab-date.ts';
import type { ListedJob, ListedPipeline } from '../../domain/missed.ts';
import type { Answer, GitlabLists, Page } from '../../ports/gitlab.ts';
import type { CredentialSource } from '../../ports/vault.ts';
import { finish, ofMergeRequest } from './facts.ts';
import { gitlabPages } from './gitlab-call.ts';

const dated = z.string().check(z.refine((text) => wholeSeconds(text) !== undefined));

const listedPipeline = z.object({
  id: z.int(),
  project_id: z.int(),
  ref: z.string(),
  status: z.string(),
  source: z.string(),
  updated_at: dated,
});

const listedJob = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  ref: z.string(),
  tag: z.boolean(),
  finished_at: z.nullish(z.string()),
  pipeline: z.object({ id: z.int(), project_id: z.int(), ref: z.string(), status: z.string(), source: z.string() }),
});

const pipelineOf = ({ id, project_id, ref, status, source, updated_at }: z.output<typeof listedPipeline>) => ({
  project: project_id,
  pipeline: id,
  status,
  ref,
  source,
  mergeRequest: ofMergeRequest({ source, ref }),
  updatedAt: wholeSeconds(updated_at) ?? '',
});

const jobOf = ({ id, name, status, ref, tag, finished_at, pipeline: its }: z.output<typeof listedJob>): ListedJob => {
  const of = { project: its.project_id, pipeline: its.id };
  const origin = { source: its.source, ref: its.ref };
  return {
    job: { ...of, job: id, name, status, ref, tag, ...finish(finished_at) },
    pipeline: { ...of, ...origin, status: its.status, tag, mergeRequest: ofMergeRequest(origin) },
  };
};

const each = <A, B>(answer: Answer<Page<A>>, show: (item: A) => B): Answer<Page<B>> =>
  answer.state === 'found'
    ? { state: 'found', value: { ...answer.value, items: answer.value.items.map(show) } }
    : answer;

const size = '100'; // GitLab's most

/**
 * GitLab's lists of a project.
 * https://docs.gitlab.com/api/pipelines/#list-project-pipelines, https://docs.gitlab.com/api/jobs/#list-project-jobs
 */
export const gitlabLists = (credentials: CredentialSource): GitlabLists => {
  const ask = gitlabPages(credentials);
  return {
    succeededPipelines: async (project, of, page) => {
      const query = new URLSearchParams({ status: 'success', ...of, per_page: size, page: String(page) });
      const answer = await ask({ path: `/v4/projects/${project}/pipelines?${query.toString()}` }, listedPipeline);
      return each(answer, (one): ListedPipeline => pipelineOf(one));
    },
    succeededJobs: async (project, page) => {
      const query = new URLSearchParams({ 'scope[]': 'success', per_page: size, page: String(page) });
      const answer = await ask({ path: `/v4/projects/${project}/jobs?${query.toString()}` }, listedJob);
      return each(answer, jobOf);
    },
  };
};
