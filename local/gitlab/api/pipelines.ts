import { apiDate, apiDateOrNull, secondsBetween } from '../dates.ts';
import { statusLabel } from '../payloads/pipeline-hook.ts';
import { webUrl } from '../payloads/people-and-projects.ts';
import type { GitlabWorld, Instance, Pipeline } from '../world.ts';
import { ApiError, isKnown, pipelineOf, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { paged } from './paging.ts';
import { apiUser } from './user.ts';

/** What lists show. It does not say whether the pipeline is a tag's. */
export const basicPipeline = (instance: Instance, pipeline: Pipeline) => ({
  id: pipeline.id,
  iid: pipeline.iid,
  project_id: pipeline.project.id,
  sha: pipeline.sha,
  ref: pipeline.ref,
  status: pipeline.status,
  source: pipeline.source,
  created_at: apiDate(pipeline.createdAt),
  updated_at: apiDate(pipeline.updatedAt),
  web_url: `${webUrl(instance, pipeline.project)}/-/pipelines/${pipeline.id}`,
});

const detailedStatus = (pipeline: Pipeline) => ({
  icon: `status_${pipeline.status}`,
  text: statusLabel(pipeline.status),
  label: statusLabel(pipeline.status),
  group: pipeline.status,
  tooltip: statusLabel(pipeline.status),
  has_details: true,
  details_path: `/${pipeline.project.path}/-/pipelines/${pipeline.id}`,
  illustration: null,
  favicon: `/assets/ci_favicons/favicon_status_${pipeline.status}.png`,
});

const wholePipeline = (instance: Instance, pipeline: Pipeline) => ({
  ...basicPipeline(instance, pipeline),
  name: null,
  before_sha: pipeline.beforeSha,
  tag: pipeline.tag,
  yaml_errors: null,
  user: apiUser(instance),
  started_at: apiDateOrNull(pipeline.startedAt),
  finished_at: apiDateOrNull(pipeline.finishedAt),
  committed_at: null,
  duration: secondsBetween(pipeline.startedAt, pipeline.finishedAt),
  queued_duration: secondsBetween(pipeline.createdAt, pipeline.startedAt),
  coverage: null,
  detailed_status: detailedStatus(pipeline),
  archived: false,
});

const filters: Record<string, (pipeline: Pipeline, value: string) => boolean> = {
  ref: ({ ref }, value) => ref === value,
  status: ({ status }, value) => status === value,
  sha: ({ sha }, value) => sha === value,
  source: ({ source }, value) => source === value,
  updated_after: ({ updatedAt }, value) => updatedAt > Date.parse(value),
  updated_before: ({ updatedAt }, value) => updatedAt < Date.parse(value),
};

const orders: Record<string, (pipeline: Pipeline) => number | string> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  ref: ({ ref }) => ref,
  updated_at: ({ updatedAt }) => updatedAt,
};

/** Child pipelines are left out unless `source=parent_pipeline` asks for them. */
const passes = (pipeline: Pipeline, query: URLSearchParams): boolean =>
  (pipeline.source !== 'parent_pipeline' || query.get('source') === 'parent_pipeline') &&
  Object.entries(filters).every(([name, fits]) => {
    const value = query.get(name);
    return value === null || fits(pipeline, value);
  });

/** `scope=tags`: of each name that is a tag's the newest pipeline alone, whatever its status and though it ran on a branch of that name. */
const inScope = (pipelines: readonly Pipeline[], { query }: ApiCall): readonly Pipeline[] => {
  const scope = query.get('scope');
  if (scope === null) return pipelines;
  if (scope !== 'tags') throw new ApiError(400, { error: 'scope does not have a valid value' });
  const newest = new Map<string, Pipeline>();
  for (const pipeline of pipelines.toSorted((a, b) => a.id - b.id))
    if (pipeline.project.tags.has(pipeline.ref)) newest.set(pipeline.ref, pipeline);
  return [...newest.values()];
};

const checkFilters = ({ query }: ApiCall): void => {
  for (const name of ['updated_after', 'updated_before']) {
    const value = query.get(name);
    if (value !== null && Number.isNaN(Date.parse(value))) throw new ApiError(400, { error: `${name} is invalid` });
  }
  if (!['asc', 'desc'].includes(query.get('sort') ?? 'desc')) {
    throw new ApiError(400, { error: 'sort does not have a valid value' });
  }
};

const sorted = (pipelines: readonly Pipeline[], { query }: ApiCall): Pipeline[] => {
  const by = orders[query.get('order_by') ?? 'id'];
  if (by === undefined) throw new ApiError(400, { error: 'order_by does not have a valid value' });
  const direction = query.get('sort') === 'asc' ? 1 : -1;
  return pipelines.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    if (left === right) return (a.id - b.id) * direction;
    return (left < right ? -1 : 1) * direction;
  });
};

export const getPipeline =
  (world: GitlabWorld): ApiHandler =>
  (call) => ({ status: 200, body: wholePipeline(world.instance, pipelineOf(world, call)) });

/** https://docs.gitlab.com/api/pipelines/#list-project-pipelines */
export const listPipelines =
  (world: GitlabWorld): ApiHandler =>
  (call) => {
    checkFilters(call);
    const known = projectOf(world, call).pipelines.filter((pipeline) => isKnown(world, pipeline));
    const chosen = inScope(known, call).filter((pipeline) => passes(pipeline, call.query));
    return paged(call, sorted(chosen, call), (pipeline) => ({
      ...basicPipeline(world.instance, pipeline),
      name: null,
    }));
  };
